use std::fmt;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet};
use proc_macro2::Span;

use crate::source::{Files, Place};

/// An error as it is told.
#[derive(Clone, Debug)]
pub struct Report {
    /// The whole text; with place and excerpt, if it is an error in a file.
    pub text: String,
    /// What the compiler should point to, if it is an error in a module.
    pub span: Option<Span>,
}

impl Report {
    /// Of something that stands in no file.
    pub fn new(text: impl Into<String>, span: Option<Span>) -> Self {
        Self { text: text.into(), span }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// An error in a source, and where it stands there.
#[derive(Debug)]
pub(crate) struct Diagnostic {
    message: String,
    /// Where it is, and what is said beside the caret; further places that have to do with it follow.
    marks: Vec<(Place, String)>,
    remarks: Vec<Remark>,
}

#[derive(Debug)]
enum Remark {
    Note(String),
    Help(String),
}

impl Diagnostic {
    pub(crate) fn new(message: impl Into<String>, place: Place) -> Self {
        Self { marks: vec![(place, String::new())], ..Self::without_place(message) }
    }

    pub(crate) fn without_place(message: impl Into<String>) -> Self {
        Self { message: message.into(), marks: Vec::new(), remarks: Vec::new() }
    }

    /// What is said beside the caret.
    pub(crate) fn label(mut self, label: impl Into<String>) -> Self {
        if let Some((_, own)) = self.marks.first_mut() {
            *own = label.into();
        }
        self
    }

    /// Another place that has to do with it.
    pub(crate) fn related(mut self, place: Place, label: impl Into<String>) -> Self {
        self.marks.push((place, label.into()));
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

    /// A help that names the known word closest to an unknown one, if any is close.
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

    /// Where it stands among the others, as somebody reads the files.
    pub(crate) fn order(&self) -> Option<(usize, usize)> {
        self.marks.first().map(|(place, _)| (place.file, place.start))
    }

    /// As it is told to somebody who has these files.
    pub(crate) fn report(&self, files: &Files) -> Report {
        let span = self.marks.first().and_then(|(place, _)| files.span(*place));
        let text = if span.is_some() { self.without_excerpt() } else { self.excerpt(files) };
        Report { text, span }
    }

    /// Message, place and excerpt, as a compiler shows them, without colours.
    fn excerpt(&self, files: &Files) -> String {
        let group = Group::with_title(Level::ERROR.no_name().primary_title(&*self.message));
        let remarks = self.remarks.iter().map(|remark| match remark {
            Remark::Note(note) => Level::NOTE.message(&**note),
            Remark::Help(help) => Level::HELP.message(&**help),
        });
        let group = group.elements(self.snippets(files)).elements(remarks);
        Renderer::plain().render(&[group])
    }

    /// What is left to tell when the compiler itself shows the place.
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

    /// One excerpt per file, that of the error itself first.
    fn snippets<'a>(&'a self, files: &'a Files) -> Vec<Snippet<'a, Annotation<'a>>> {
        let mut excerpts: Vec<(usize, Vec<Annotation<'a>>)> = Vec::new();
        for (index, (place, label)) in self.marks.iter().enumerate() {
            if files.span(*place).is_some() {
                continue;
            }
            let kind = if index == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
            let label = (!label.is_empty()).then_some(&**label);
            let annotation = kind.span(place.start..place.end).label(label);
            match excerpts.iter_mut().find(|(file, _)| *file == place.file) {
                Some((_, annotations)) => annotations.push(annotation),
                None => excerpts.push((place.file, vec![annotation])),
            }
        }
        let snippet = |(file, annotations)| {
            Snippet::source(files.text(file)).path(files.shown(file)).annotations(annotations)
        };
        excerpts.into_iter().map(snippet).collect()
    }
}

/// The known word that the unknown one was most likely meant to be.
fn closest<'a>(unknown: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = unknown.to_lowercase();
    known
        .into_iter()
        .map(|word| (strsim::jaro_winkler(&lower, &word.to_lowercase()), word))
        .filter(|(similarity, _)| *similarity > 0.8)
        .max_by(|left, right| left.0.total_cmp(&right.0))
        .map(|(_, word)| word)
}
