//! The tokens of RTF: groups, control words, bytes of text.

/// One token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// `{`
    Open,
    /// `}`
    Close,
    /// A control word and its number.
    Word(&'a str, Option<i32>),
    /// `\*`: who does not know the group's word passes over the group.
    Ignorable,
    /// A byte of text in the code page of the font.
    Byte(u8),
}

/// Reads tokens off bytes.
pub(super) struct Tokens<'a> {
    rest: &'a [u8],
}

impl<'a> Tokens<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    fn take(&mut self, count: usize) -> &'a [u8] {
        let (taken, rest) = self.rest.split_at_checked(count).unwrap_or((self.rest, &[]));
        self.rest = rest;
        taken
    }

    fn take_while(&mut self, most: usize, wanted: impl Fn(u8) -> bool) -> &'a str {
        let count = self.rest.iter().take(most).take_while(|byte| wanted(**byte)).count();
        std::str::from_utf8(self.take(count)).unwrap_or_default()
    }

    /// What follows a backslash.
    fn control(&mut self) -> Option<Token<'a>> {
        let first = *self.rest.first()?;
        if first.is_ascii_alphabetic() {
            return Some(self.word());
        }
        self.take(1);
        Some(match first {
            b'\'' => {
                let digits = std::str::from_utf8(self.take(2)).unwrap_or_default();
                u8::from_str_radix(digits, 16).map_or(Token::Word("", None), Token::Byte)
            }
            b'*' => Token::Ignorable,
            b'~' => Token::Word("~", None),
            b'\r' | b'\n' => Token::Word("par", None),
            b'\\' | b'{' | b'}' => Token::Byte(first),
            _ => Token::Word("", None),
        })
    }

    /// A control word and its number; one space after it belongs to it.
    fn word(&mut self) -> Token<'a> {
        let word = self.take_while(32, |byte| byte.is_ascii_alphabetic());
        let sign = self.take_while(1, |byte| byte == b'-');
        let digits = self.take_while(10, |byte| byte.is_ascii_digit());
        self.take_while(1, |byte| byte == b' ');
        let number = digits.parse::<i32>().ok().map(|number| if sign.is_empty() { number } else { -number });
        if word == "bin" {
            // What follows is no text, whatever it looks like.
            self.take(number.and_then(|count| usize::try_from(count).ok()).unwrap_or(0));
        }
        Token::Word(word, number)
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let [byte] = self.take(1) else { return None };
            match byte {
                b'{' => return Some(Token::Open),
                b'}' => return Some(Token::Close),
                b'\\' => return self.control(),
                b'\r' | b'\n' | 0 => {}
                other => return Some(Token::Byte(*other)),
            }
        }
    }
}

/// The text that a control word stands for.
pub(super) fn sign(word: &str) -> Option<&'static str> {
    Some(match word {
        "line" => "\n",
        "tab" | "~" | "emspace" | "enspace" => " ",
        "emdash" => "—",
        "endash" => "–",
        "lquote" => "‘",
        "rquote" => "’",
        "ldblquote" => "“",
        "rdblquote" => "”",
        "bullet" => "•",
        _ => return None,
    })
}

/// Whether the group of this word holds no text of the document.
pub(super) fn is_hidden(word: &str) -> bool {
    matches!(
        word,
        "colortbl"
            | "pict"
            | "object"
            | "header"
            | "headerl"
            | "headerr"
            | "headerf"
            | "footer"
            | "footerl"
            | "footerr"
            | "footerf"
            | "generator"
            | "listtable"
            | "listoverridetable"
            | "revtbl"
            | "rsidtbl"
            | "fldinst"
            | "filetbl"
            | "xmlnstbl"
            | "themedata"
            | "datastore"
            | "bkmkstart"
            | "bkmkend"
            | "annotation"
            | "deleted"
            | "nonesttables"
            | "author"
            | "operator"
            | "company"
            | "subject"
            | "keywords"
            | "doccomm"
    )
}
