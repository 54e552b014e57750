//! Text in encodings older than Unicode, put right: by the fonts it is set in, else by its words.

use crate::domain::page::{Block, Page};
use crate::domain::text::decoding::{Decoding, Decodings, Encoding};
use crate::extract::content::{Body, Content, Part};
use hoclieu_index::text::legacy::{self as old, Guess, decode, detect, detect_as};
use std::collections::BTreeMap;

pub(super) use hoclieu_index::text::legacy::OldFont;

/// From this confidence on nobody need look.
const SURE: f32 = 0.9;
/// So much of a document, in bytes, tells what all of it is.
const SAMPLE_BYTES: usize = 200_000;

/// What the name of a font says about the letters set in it.
pub(super) fn font(name: &str) -> Option<OldFont> {
    old::font(name)
}

/// The text of one paragraph as it is put together from runs in different fonts.
#[derive(Debug, Default, Clone)]
pub(super) struct FontText {
    runs: Vec<Run>,
}

#[derive(Debug, Clone)]
struct Run {
    font: Option<OldFont>,
    capitals: bool,
    text: String,
}

impl FontText {
    /// Adds text set in a font, shown in capitals or as it is.
    pub(super) fn push(&mut self, text: &str, font: Option<OldFont>, capitals: bool) {
        match self.runs.last_mut() {
            // A letter and its marks may stand in two runs of one font.
            Some(last) if last.font == font && last.capitals == capitals => last.text.push_str(text),
            _ => self.runs.push(Run { font, capitals, text: text.to_owned() }),
        }
    }

    /// Adds a sign that belongs to what stands before it.
    pub(super) fn push_sign(&mut self, sign: char) {
        match self.runs.last_mut() {
            Some(last) => last.text.push(sign),
            None => self.push(sign.encode_utf8(&mut [0; 4]), None, false),
        }
    }

    /// Whether the text so far ends in a sign.
    pub(super) fn ends_with(&self, sign: char) -> bool {
        self.runs.last().is_some_and(|last| last.text.ends_with(sign))
    }

    /// The text put right, and what it was put right from.
    pub(super) fn finish(self) -> (String, Decodings) {
        let mut decodings = Decodings::default();
        let around = self.runs.iter().find_map(|run| run.font);
        let text = self.runs.into_iter().map(|run| run.finish(around, &mut decodings)).collect();
        (text, decodings)
    }
}

impl Run {
    fn finish(self, around: Option<OldFont>, decodings: &mut Decodings) -> String {
        let guess = match (self.font, around) {
            (Some(font), _) => font.detect(&self.text),
            // A run may leave its font to a style that nobody reads.
            (None, Some(around)) => {
                detect_as(&self.text, around.encoding).map(|guess| Guess { confidence: 0.0, ..guess })
            }
            (None, None) => None,
        };
        let text = match (guess, self.font.or(around)) {
            (Some(guess), Some(font)) => {
                decodings.extend(decoding(guess));
                OldFont { capitals: font.capitals && self.font.is_some(), ..font }.decode(&self.text)
            }
            // Letters of ASCII are right, but the font shows them as capitals.
            _ if self.text.is_ascii() && self.font.is_some_and(|font| font.capitals) => self.text.to_uppercase(),
            _ => self.text,
        };
        if self.capitals { text.to_uppercase() } else { text }
    }
}

fn decoding(guess: Guess) -> Option<Decoding> {
    Some(Decoding { encoding: noun(guess.encoding)?, sure: guess.confidence >= SURE })
}

/// Our name for an encoding; text with marks apart is Unicode and needs no confirmation.
fn noun(encoding: old::Encoding) -> Option<Encoding> {
    Some(match encoding {
        old::Encoding::Tcvn3 => Encoding::Tcvn3,
        old::Encoding::Vni => Encoding::Vni,
        old::Encoding::Viqr => Encoding::Viqr,
        old::Encoding::Viscii => Encoding::Viscii,
        old::Encoding::Vps => Encoding::Vps,
        old::Encoding::Windows1258 => Encoding::Windows1258,
        old::Encoding::References => Encoding::References,
        old::Encoding::Decomposed => return None,
    })
}

fn code(encoding: Encoding) -> old::Encoding {
    match encoding {
        Encoding::Tcvn3 => old::Encoding::Tcvn3,
        Encoding::Vni => old::Encoding::Vni,
        Encoding::Viqr => old::Encoding::Viqr,
        Encoding::Viscii => old::Encoding::Viscii,
        Encoding::Vps => old::Encoding::Vps,
        Encoding::Windows1258 => old::Encoding::Windows1258,
        Encoding::References => old::Encoding::References,
    }
}

/// Whether bytes read as western text are Vietnamese in an older encoding.
pub(super) fn is_old(text: &str) -> bool {
    guess_alone(text).is_some()
}

/// Puts a document right, paragraph by paragraph; what its reader has put right stays.
pub(super) fn restore(mut content: Content) -> Content {
    let (mut parts, mut names): (Vec<&mut Part>, Vec<&mut String>) = (Vec::new(), Vec::new());
    match &mut content.body {
        Body::Flow(flow) => parts.extend(flow),
        Body::Pages(drafts) | Body::Sections(drafts) => {
            for draft in drafts {
                parts.extend(&mut draft.parts);
                names.extend(&mut draft.heading);
            }
        }
    }
    names.extend(&mut content.title);
    let document = Document::of(parts.iter().map(|part| &**part));
    for part in parts {
        document.restore(part);
    }
    for name in names {
        *name = document.put_right(name).0;
    }
    content
}

/// Puts pages right whose text was given.
pub fn put_right(pages: &mut [Page]) {
    let to_parts = |page: &mut Page| std::mem::take(&mut page.blocks).into_iter().map(Part::from).collect();
    let mut all: Vec<Vec<Part>> = pages.iter_mut().map(to_parts).collect();
    let document = Document::of(all.iter().flatten());
    for (page, parts) in pages.iter_mut().zip(&mut all) {
        for mut part in parts.drain(..) {
            document.restore(&mut part);
            page.decodings.add_all(&part.decodings);
            page.blocks.push(part.block);
        }
        page.heading = page.heading.take().map(|heading| document.put_right(&heading).0);
    }
}

/// What most of a document's old text is in, which decides for paragraphs too short to tell.
#[derive(Debug, Clone, Copy)]
pub(super) struct Document {
    guess: Option<Guess>,
}

impl Document {
    fn of<'a>(parts: impl Iterator<Item = &'a Part>) -> Self {
        let (old, rest): (Vec<&Part>, Vec<&Part>) = parts.partition(|part| !part.decodings.is_empty());
        let fonts = old.iter().flat_map(|part| part.decodings.iter()).find(|decoding| decoding.sure);
        let by_fonts = fonts.map(|decoding| Guess { encoding: code(decoding.encoding), confidence: SURE });
        let by_words = || Self::of_texts(rest.iter().map(|part| part.text())).guess;
        Self { guess: by_fonts.or_else(by_words) }
    }

    /// Takes a document's paragraphs.
    pub(super) fn of_texts(texts: impl Iterator<Item = impl AsRef<str>>) -> Self {
        let mut samples: BTreeMap<old::Encoding, String> = BTreeMap::new();
        for text in texts {
            let text = text.as_ref();
            if let Some(guess) = guess_alone(text) {
                let sample = samples.entry(guess.encoding).or_default();
                if sample.len() < SAMPLE_BYTES {
                    sample.push_str(text);
                    sample.push('\n');
                }
            }
        }
        let most = samples.into_iter().max_by_key(|(_, sample)| sample.len());
        Self { guess: most.and_then(|(encoding, sample)| detect_as(&sample, encoding)) }
    }

    /// A paragraph's text put right, and what it was put right from.
    pub(super) fn put_right(self, text: &str) -> (String, Decodings) {
        let mut decodings = Decodings::default();
        let Some(guess) = self.guess(text) else { return (text.to_owned(), decodings) };
        decodings.extend(decoding(guess));
        (decode(guess.encoding, text), decodings)
    }

    /// What a paragraph is in: the document's own encoding before others that it might be.
    fn guess(self, text: &str) -> Option<Guess> {
        let own = self.guess.filter(|document| detect_as(text, document.encoding).is_some());
        own.or_else(|| guess_alone(text))
    }

    fn restore(self, part: &mut Part) {
        if !part.decodings.is_empty() {
            return;
        }
        let Some(guess) = self.guess(&part.text()) else { return };
        part.decodings.extend(decoding(guess));
        match &mut part.block {
            Block::Heading { text, .. }
            | Block::Paragraph { text }
            | Block::ListItem { text, .. }
            | Block::Cue { text, .. } => {
                *text = decode(guess.encoding, text);
            }
            Block::Table { rows, .. } => {
                for cell in rows.iter_mut().flatten() {
                    *cell = decode(guess.encoding, cell);
                }
            }
        }
    }
}

fn guess_alone(text: &str) -> Option<Guess> {
    detect(text, None).filter(|guess| noun(guess.encoding).is_some())
}
