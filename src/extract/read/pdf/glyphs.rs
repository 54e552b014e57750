//! What a PDF page draws: glyphs with their places, ruled lines, pictures.

use super::letters::Letters;
use crate::extract::legacy::{self, OldFont};
use hayro::hayro_interpret::font::{Glyph as FontGlyph, GlyphRun, OutlineGlyph};
use hayro::hayro_interpret::hayro_cmap::BfString;
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps, InterpreterCache,
    InterpreterSettings, SoftMask, TransformExt, interpret_page,
};
use hayro::hayro_syntax::page::Page;
use hayro::kurbo::{Affine, BezPath, PathEl, Point, Rect, Shape};
use std::cell::OnceCell;
use std::collections::HashMap;

/// Fills thinner than this, in points, are lines.
const THIN: f64 = 2.5;

/// One drawn letter, in points from the top left of the page.
#[derive(Debug, Clone)]
pub(in crate::extract) struct Glyph {
    pub(in crate::extract) text: String,
    pub(in crate::extract) x: f64,
    /// The baseline; down is more.
    pub(in crate::extract) y: f64,
    pub(in crate::extract) width: f64,
    pub(in crate::extract) size: f64,
    pub(in crate::extract) bold: bool,
    /// Its font, when the letters of that are in an encoding of their own.
    pub(in crate::extract) old: Option<OldFont>,
    /// Drawn without colour, as recognitions put text over a picture.
    pub(in crate::extract) unseen: bool,
}

/// A straight line drawn along an axis.
#[derive(Debug, Clone, Copy)]
pub(in crate::extract) enum Rule {
    Across { y: f64, from: f64, to: f64 },
    Down { x: f64, from: f64, to: f64 },
}

/// What one page draws.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    pub(super) glyphs: Vec<Glyph>,
    pub(super) rules: Vec<Rule>,
    /// Small filled shapes, where browsers draw the bullets of lists.
    pub(super) dots: Vec<Rect>,
    /// Glyphs that no letter is known for.
    pub(super) unknown: usize,
    /// The share of the page that pictures cover; scanners may cut one page into many strips.
    pub(super) picture_share: f64,
    /// How many pixels the finest picture has to the point, along one side; 0 on a page without pictures.
    pub(super) picture_density: f64,
    /// Paths drawn.
    pub(super) shapes: usize,
}

/// Draws a page into a list.
pub(super) fn sheet<'a>(page: &Page<'a>, cache: &InterpreterCache<'a>) -> Sheet {
    let (width, height) = page.render_dimensions();
    let frame = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
    let transform = page.initial_transform(true).to_kurbo();
    let mut context = Context::new(transform, frame, cache, page.xref(), InterpreterSettings::default());
    let mut pen = Pen { sheet: Sheet::default(), page, letters: OnceCell::new(), frame, fonts: HashMap::new() };
    interpret_page(page, &mut context, &mut pen);
    pen.sheet
}

/// What a font says about the letters set in it.
#[derive(Clone, Copy, Default)]
struct Face {
    bold: bool,
    old: Option<OldFont>,
}

struct Pen<'p, 'a> {
    sheet: Sheet,
    page: &'p Page<'a>,
    /// Read when a glyph is met whose letters the interpreter does not know.
    letters: OnceCell<Letters>,
    frame: Rect,
    /// What the names of fonts say, by their keys.
    fonts: HashMap<u128, Face>,
}

impl Pen<'_, '_> {
    fn glyph(&mut self, glyph: &FontGlyph<'_>, place: Affine, unseen: bool) {
        let [right, turn, c, d, x, y] = place.as_coeffs();
        // Glyph space has a thousand units to the em.
        let size = c.hypot(d) * 1000.0;
        let along = right.hypot(turn);
        // Slanted text is a stamp or a watermark; text that runs upwards has no place among the lines.
        let slanted = turn.abs() > 0.2 * right.abs() || right < 0.0;
        if slanted || !size.is_finite() || size < 0.5 || !self.frame.inflate(2.0, 2.0).contains(Point::new(x, y)) {
            return;
        }
        let known = glyph.as_unicode().map(|letters| match letters {
            BfString::Char(c) => c.to_string(),
            BfString::String(text) => text,
        });
        let Some(text) = known.or_else(|| self.own_letters(glyph)) else {
            self.sheet.unknown += 1;
            return;
        };
        let (advance, Face { bold, old }) = match glyph {
            FontGlyph::Outline(outline) => (outline.advance_width(), self.face(outline)),
            FontGlyph::Type3(inner) => (inner.advance_width(), Face::default()),
        };
        let width = along * f64::from(advance.unwrap_or(500.0));
        self.sheet.glyphs.push(Glyph { text, x, y, width, size, bold, old, unseen });
    }

    fn own_letters(&self, glyph: &FontGlyph<'_>) -> Option<String> {
        let FontGlyph::Outline(outline) = glyph else { return None };
        let font = outline.font_data()?.postscript_name?;
        let letters = self.letters.get_or_init(|| Letters::of(self.page));
        letters.get(&font, outline.char_code()).map(str::to_owned)
    }

    fn face(&mut self, glyph: &OutlineGlyph) -> Face {
        let Some(font) = glyph.font_data() else { return Face::default() };
        *self.fonts.entry(font.cache_key).or_insert_with(|| {
            let name = font.postscript_name.as_deref().unwrap_or_default();
            let lower = name.to_lowercase();
            let bold = font.weight.is_some_and(|weight| weight >= 600)
                || ["bold", "black", "heavy", "semibold", "demi"].iter().any(|word| lower.contains(word));
            Face { bold, old: legacy::font(name) }
        })
    }

    fn segment(&mut self, from: Point, to: Point) {
        let (dx, dy) = ((to.x - from.x).abs(), (to.y - from.y).abs());
        if dy <= 0.8 && dx > 4.0 {
            let y = f64::midpoint(from.y, to.y);
            self.sheet.rules.push(Rule::Across { y, from: from.x.min(to.x), to: from.x.max(to.x) });
        } else if dx <= 0.8 && dy > 4.0 {
            let x = f64::midpoint(from.x, to.x);
            self.sheet.rules.push(Rule::Down { x, from: from.y.min(to.y), to: from.y.max(to.y) });
        }
    }

    fn outline(&mut self, path: &BezPath) {
        let (mut start, mut last) = (Point::ZERO, Point::ZERO);
        for element in path.elements() {
            match *element {
                PathEl::MoveTo(point) => (start, last) = (point, point),
                PathEl::LineTo(point) => {
                    self.segment(last, point);
                    last = point;
                }
                PathEl::ClosePath => {
                    self.segment(last, start);
                    last = start;
                }
                PathEl::QuadTo(_, point) | PathEl::CurveTo(_, _, point) => last = point,
            }
        }
    }
}

impl<'a> Device<'a> for Pen<'_, 'a> {
    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, mode: &DrawMode) {
        self.sheet.shapes += 1;
        let placed = props.transform * path;
        match mode {
            DrawMode::Stroke(_) | DrawMode::FillAndStroke(..) => self.outline(&placed),
            DrawMode::Fill(_) => {
                let area = placed.bounding_box();
                let middle = area.center();
                if area.height() <= THIN {
                    self.segment(Point::new(area.x0, middle.y), Point::new(area.x1, middle.y));
                } else if area.width() <= THIN {
                    self.segment(Point::new(middle.x, area.y0), Point::new(middle.x, area.y1));
                } else if area.width() < 8.0 && (area.width() - area.height()).abs() < 0.6 {
                    self.sheet.dots.push(area);
                }
            }
            DrawMode::Invisible => {}
        }
    }

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        // Outlined letters come twice, filled and stroked; the second time says nothing new (see `lines`).
        let unseen = matches!(mode, DrawMode::Invisible);
        for glyph in run.glyphs() {
            self.glyph(glyph, props.transform * glyph.transform(), unseen);
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        let own = Rect::new(0.0, 0.0, f64::from(image.width()), f64::from(image.height()));
        let placed = props.transform.transform_rect_bbox(own);
        let share = placed.intersect(self.frame).area() / self.frame.area().max(1.0);
        self.sheet.picture_share = (self.sheet.picture_share + share).min(1.0);
        // Logos and stamps say nothing of how finely the page was scanned.
        if share > 0.02 {
            let density = (own.area() / placed.area().max(1.0)).sqrt();
            self.sheet.picture_density = self.sheet.picture_density.max(density);
        }
    }

    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}
