//! Takes a view apart into its terms: they stand with one blank between them.

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

/// The name under which an index knows [`Terms`]: it parts as Tantivy's own of this name does.
pub(crate) const TERMS: &str = "whitespace";

/// Parts a text at blanks, by bytes: Tantivy's own looks at it letter by letter.
#[derive(Clone, Default)]
pub(crate) struct Terms {
    token: Token,
}

/// The terms of one view.
pub(crate) struct TermStream<'a> {
    rest: &'a str,
    token: &'a mut Token,
}

impl Tokenizer for Terms {
    type TokenStream<'a> = TermStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> TermStream<'a> {
        self.token.reset();
        TermStream { rest: text, token: &mut self.token }
    }
}

impl TokenStream for TermStream<'_> {
    fn advance(&mut self) -> bool {
        if self.rest.is_empty() {
            return false;
        }
        let (term, rest) = self.rest.split_once(' ').unwrap_or((self.rest, ""));
        self.rest = rest;
        self.token.position = self.token.position.wrapping_add(1);
        self.token.text.clear();
        self.token.text.push_str(term);
        true
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}
