//! What is printed, read back with the tools of others.

#[cfg(feature = "press")]
mod posters;
mod spoken;

#[cfg(feature = "press")]
use std::process::{Command, Stdio};

/// What a PDF says, as `pdftotext` reads it, its words separated by single spaces.
#[cfg(feature = "press")]
pub(crate) fn text_of(pdf: &[u8]) -> String {
    let text = piped("pdftotext", &["-enc", "UTF-8", "-", "-"], pdf);
    String::from_utf8(text).unwrap().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// How many pages a PDF has.
#[cfg(feature = "press")]
pub(crate) fn pages_of(pdf: &[u8]) -> usize {
    let said = String::from_utf8(piped("pdftotext", &["-", "-"], pdf)).unwrap();
    said.matches('\u{c}').count()
}

/// A PDF's first page as shades of grey: width, height, one byte a dot.
#[cfg(feature = "press")]
fn picture_of(pdf: &[u8]) -> (usize, usize, Vec<u8>) {
    let file = piped("pdftoppm", &["-r", "150", "-gray", "-f", "1", "-l", "1", "-"], pdf);
    let header: Vec<usize> = String::from_utf8_lossy(&file[..40])
        .split_ascii_whitespace()
        .skip(1)
        .map_while(|word| word.parse().ok())
        .take(3)
        .collect();
    let [width, height, 255] = header[..] else { panic!("{header:?}") };
    (width, height, file[file.len() - width * height..].to_vec())
}

#[cfg(feature = "press")]
fn piped(program: &str, arguments: &[&str], input: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("poppler-utils is installed (make setup-tests installs it)");
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let writing = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().unwrap();
    writing.join().unwrap().unwrap();
    assert!(output.status.success(), "{program}: {output:?}");
    output.stdout
}
