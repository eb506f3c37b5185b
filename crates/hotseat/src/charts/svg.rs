//! SVG by hand: shapes with classes, and text that cannot break out of it.

use std::fmt::Write as _;

/// Light, and dark where the reader's system says so. Colours differ in lightness too, and shapes differ.
const STYLE: &str = "\
text{font:12px system-ui,'DejaVu Sans',sans-serif;fill:#1f2328}.small{font-size:10px;fill:#59636e}\
.head{font-size:15px;font-weight:600}.end{text-anchor:end}.mid{text-anchor:middle}\
.mono{font-family:ui-monospace,'DejaVu Sans Mono',monospace}\
.paper{fill:#ffffff}.band{fill:#f3f5f7}.grid{stroke:#d1d9e0;stroke-width:1}.axis{stroke:#59636e;stroke-width:1}\
.lane{stroke:#8c959f;stroke-width:1.5}.away{stroke:#cf222e;stroke-width:1.5;stroke-dasharray:2 4}\
.arrow{stroke:#1f2328;stroke-width:1.5}.tip{fill:#1f2328}.fault{fill:#cf222e;fill-opacity:.14}\
.strike{stroke:#cf222e;stroke-width:1.5}.bad{fill:#cf222e}.cross{stroke:#cf222e;stroke-width:2.5}\
.a{fill:#0b7285;stroke:#0b7285}.b{fill:#8c959f;stroke:#8c959f}.c{fill:#bf8700;stroke:#bf8700}\
.d{fill:#cf222e;stroke:#cf222e}.e{fill:#8250df;stroke:#8250df}.f{fill:#4c2889;stroke:#4c2889}\
.g{fill:#e16f24;stroke:#e16f24}.h{fill:#7d1128;stroke:#7d1128}\
.i{fill:#424a53;stroke:#424a53}.j{fill:#762d0a;stroke:#762d0a}\
.bold{font-weight:600}.open{fill:none;stroke-width:2}.thick{stroke-width:2.5}.wide{stroke-width:7;stroke-opacity:.45}\
.s1{fill-opacity:.3;stroke:none}.s2{fill-opacity:.55;stroke:none}.s3{fill-opacity:.8;stroke:none}\
.s4{stroke:none}\
@media (prefers-color-scheme:dark){text{fill:#e6edf3}.small{fill:#9da7b1}.paper{fill:#0d1117}.band{fill:#161b22}\
.grid{stroke:#30363d}.axis{stroke:#9da7b1}.lane{stroke:#6e7681}.away{stroke:#ff7b72}.arrow{stroke:#e6edf3}\
.tip{fill:#e6edf3}.fault{fill:#ff7b72;fill-opacity:.22}.strike{stroke:#ff7b72}.bad{fill:#ff7b72}\
.cross{stroke:#ff7b72}.a{fill:#56c7d9;stroke:#56c7d9}.c{fill:#e3b341;stroke:#e3b341}\
.d{fill:#ff7b72;stroke:#ff7b72}.e{fill:#d2a8ff;stroke:#d2a8ff}.f{fill:#a371f7;stroke:#a371f7}\
.g{fill:#ffa657;stroke:#ffa657}.h{fill:#f85149;stroke:#f85149}\
.i{fill:#d1d7e0;stroke:#d1d7e0}.j{fill:#bd561d;stroke:#bd561d}}";

/// A picture that is being drawn.
pub(super) struct Svg {
    picture: Picture,
}

/// A picture: a file of its own, or a part of a page whose style sheet knows its classes.
#[derive(Debug, Clone)]
pub(crate) struct Picture {
    width: f64,
    height: f64,
    /// What it is called.
    pub(crate) title: String,
    /// What it shows, also to who cannot see it.
    pub(crate) about: String,
    body: String,
}

impl Picture {
    /// As a file that reads in light and dark.
    pub(crate) fn standalone(&self) -> String {
        let paper = "<rect class=\"paper\" width=\"100%\" height=\"100%\"/>\n";
        let size = format!("width=\"{:.0}\" height=\"{:.0}\"", self.width, self.height);
        self.written(&size, "", &format!("<style>{STYLE}</style>\n{paper}"))
    }

    /// As a part of a page, in which `id` is used by nothing else.
    pub(crate) fn inline(&self, id: &str) -> String {
        let id = escaped(id);
        self.written("class=\"chart\"", &format!("{id}-"), "")
    }

    /// Bytes that it holds.
    pub(crate) fn bytes(&self) -> usize {
        self.title.len() + self.about.len() + self.body.len()
    }

    fn written(&self, attributes: &str, id: &str, begin: &str) -> String {
        let Picture { width, height, body, .. } = self;
        let (title, about) = (escaped(&self.title), escaped(&self.about));
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" {attributes} \
             viewBox=\"0 0 {width:.0} {height:.0}\" role=\"img\" aria-labelledby=\"{id}t {id}d\">\n\
             <title id=\"{id}t\">{title}</title>\n<desc id=\"{id}d\">{about}</desc>\n{begin}{body}</svg>\n"
        )
    }
}

impl Svg {
    /// `title` names it and `about` says what it shows, also to who cannot see it.
    pub(super) fn new(width: f64, height: f64, title: &str, about: &str) -> Svg {
        let (title, about) = (title.to_owned(), about.to_owned());
        Svg { picture: Picture { width, height, title, about, body: String::new() } }
    }

    pub(super) fn text(&mut self, (x, y): (f64, f64), class: &str, text: &str) {
        self.push(format_args!("<text x=\"{x:.1}\" y=\"{y:.1}\" class=\"{class}\">{}</text>", escaped(text)));
    }

    /// With a `told` that is not empty, it is shown to who points at it.
    pub(super) fn rect(&mut self, (x, y): (f64, f64), (w, h): (f64, f64), class: &str, told: &str) {
        let told = title(told);
        self.push(format_args!(
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{w:.1}\" height=\"{h:.1}\" class=\"{class}\">{told}</rect>"
        ));
    }

    pub(super) fn line(&mut self, (x, y): (f64, f64), (to_x, to_y): (f64, f64), class: &str) {
        self.push(format_args!(
            "<line x1=\"{x:.1}\" y1=\"{y:.1}\" x2=\"{to_x:.1}\" y2=\"{to_y:.1}\" class=\"{class}\"/>"
        ));
    }

    pub(super) fn circle(&mut self, (x, y): (f64, f64), r: f64, class: &str) {
        self.push(format_args!("<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{r}\" class=\"{class}\"/>"));
    }

    /// A closed shape through these points.
    pub(super) fn shape(&mut self, points: &[(f64, f64)], class: &str) {
        let points: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        self.push(format_args!("<polygon points=\"{}\" class=\"{class}\"/>", points.join(" ")));
    }

    /// Many boxes of one size as a single shape, which takes a third of the room.
    pub(super) fn boxes(&mut self, places: &[(f64, f64)], (w, h): (f64, f64), class: &str) {
        let one = |(x, y): &(f64, f64)| format!("M{x:.1} {y:.1}h{w:.1}v{h:.1}h-{w:.1}z");
        let path: String = places.iter().map(one).collect();
        self.push(format_args!("<path class=\"{class}\" d=\"{path}\"/>"));
    }

    /// Two strokes across each other.
    pub(super) fn cross(&mut self, (x, y): (f64, f64), r: f64, class: &str) {
        self.line((x - r, y - r), (x + r, y + r), class);
        self.line((x - r, y + r), (x + r, y - r), class);
    }

    pub(super) fn finish(self) -> Picture {
        self.picture
    }

    fn push(&mut self, element: std::fmt::Arguments<'_>) {
        // Writing into a String does not fail.
        let _ = writeln!(self.picture.body, "{element}");
    }
}

fn title(text: &str) -> String {
    match text.is_empty() {
        true => String::new(),
        false => format!("<title>{}</title>", escaped(text)),
    }
}

/// Text as XML; what XML cannot hold at all becomes U+FFFD.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for it in text.chars() {
        match it {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            it if it.is_control() => escaped.push('\u{fffd}'),
            it => escaped.push(it),
        }
    }
    escaped
}

/// A text of at most so many characters.
pub(super) fn short(text: &str, chars_max: usize) -> String {
    match text.chars().count() <= chars_max {
        true => text.to_owned(),
        false => text.chars().take(chars_max.saturating_sub(1)).chain(['…']).collect(),
    }
}
