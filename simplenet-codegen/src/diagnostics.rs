use std::fmt;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet};
use proc_macro2::Span;

use crate::source::file::{Files, SourceRange};

/// An error for the user.
#[derive(Clone, Debug)]
pub struct Report {
    /// The whole text. For an error in a file, it contains the position and an excerpt.
    pub text: String,
    /// The span of an error in a module.
    pub span: Option<Span>,
}

impl Report {
    /// Creates a report without a position in a file.
    pub fn new(text: impl Into<String>, span: Option<Span>) -> Self {
        Self { text: text.into(), span }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// An error in a source, with its range.
#[derive(Debug)]
pub(crate) struct Diagnostic {
    message: String,
    /// The range of the error with its label, followed by related ranges.
    marks: Vec<(SourceRange, String)>,
    remarks: Vec<Remark>,
}

#[derive(Debug)]
enum Remark {
    Note(String),
    Help(String),
}

impl Diagnostic {
    pub(crate) fn new(message: impl Into<String>, range: SourceRange) -> Self {
        Self { marks: vec![(range, String::new())], ..Self::without_range(message) }
    }

    pub(crate) fn without_range(message: impl Into<String>) -> Self {
        Self { message: message.into(), marks: Vec::new(), remarks: Vec::new() }
    }

    /// Sets the label of the error, which is shown beside the caret.
    pub(crate) fn label(mut self, label: impl Into<String>) -> Self {
        if let Some((_, own)) = self.marks.first_mut() {
            *own = label.into();
        }
        self
    }

    /// Adds a related range.
    pub(crate) fn related(mut self, range: SourceRange, label: impl Into<String>) -> Self {
        self.marks.push((range, label.into()));
        self
    }

    pub(crate) fn note(mut self, note: impl Into<String>) -> Self {
        self.remarks.push(Remark::Note(note.into()));
        self
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.remarks.push(Remark::Help(help.into()));
        self
    }

    /// Suggests the known word that is most similar to the unknown one, if one is similar enough.
    pub(crate) fn did_you_mean<'a>(
        self,
        unknown: &str,
        known: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        match closest(unknown, known) {
            Some(known) => self.help(format!("did you mean `{known}`?")),
            None => self,
        }
    }

    /// Returns the key that sorts errors into the order of the sources.
    pub(crate) fn order(&self) -> Option<(usize, usize)> {
        self.marks.first().map(|(range, _)| (range.file, range.start))
    }

    /// Renders the error.
    pub(crate) fn report(&self, files: &Files) -> Report {
        let span = self.marks.first().and_then(|(range, _)| files.span(*range));
        let text = if span.is_some() { self.without_excerpt() } else { self.excerpt(files) };
        Report { text, span }
    }

    /// Renders message, position and excerpt in the format of rustc, without colors.
    fn excerpt(&self, files: &Files) -> String {
        let group = Group::with_title(Level::ERROR.no_name().primary_title(&*self.message));
        let remarks = self.remarks.iter().map(|remark| match remark {
            Remark::Note(note) => Level::NOTE.message(&**note),
            Remark::Help(help) => Level::HELP.message(&**help),
        });
        let group = group.elements(self.snippets(files)).elements(remarks);
        Renderer::plain().render(&[group])
    }

    /// Renders the message for an error in a module, whose excerpt the compiler shows.
    fn without_excerpt(&self) -> String {
        let mut text = self.message.clone();
        for remark in &self.remarks {
            text += &match remark {
                Remark::Note(note) => format!("\n= note: {note}"),
                Remark::Help(help) => format!("\n= help: {help}"),
            };
        }
        text
    }

    /// Returns one excerpt per file. The excerpt of the error itself is the first.
    fn snippets<'a>(&'a self, files: &'a Files) -> Vec<Snippet<'a, Annotation<'a>>> {
        let mut excerpts: Vec<(usize, Vec<Annotation<'a>>)> = Vec::new();
        for (index, (range, label)) in self.marks.iter().enumerate() {
            if files.span(*range).is_some() {
                continue;
            }
            let kind = if index == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
            let label = (!label.is_empty()).then_some(&**label);
            let annotation = kind.span(range.start..range.end).label(label);
            match excerpts.iter_mut().find(|(file, _)| *file == range.file) {
                Some((_, annotations)) => annotations.push(annotation),
                None => excerpts.push((range.file, vec![annotation])),
            }
        }
        let snippet = |(file, annotations)| {
            Snippet::source(files.text(file)).path(files.shown(file)).annotations(annotations)
        };
        excerpts.into_iter().map(snippet).collect()
    }
}

/// Returns the known word that is most similar to the unknown one.
fn closest<'a>(unknown: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = unknown.to_lowercase();
    known
        .into_iter()
        .map(|word| (strsim::jaro_winkler(&lower, &word.to_lowercase()), word))
        .filter(|(similarity, _)| *similarity > 0.8)
        .max_by(|left, right| left.0.total_cmp(&right.0))
        .map(|(_, word)| word)
}
