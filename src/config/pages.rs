//! `[pages]`.

use super::Located;
use super::document::Section;
use super::keys::{Key, Table};
use super::shapes::{File, Folder, Optional, Text};
use std::path::PathBuf;

/// `[pages]`: what people see.
#[derive(Debug, Clone)]
pub struct PagesSection {
    /// The organisation's name towards people.
    pub organisation: Option<Located<String>>,
    /// An image file.
    pub logo: Option<Located<PathBuf>>,
    /// Whom to call.
    pub help_text: Option<Located<String>>,
    /// The help desk's address.
    pub help_link: Option<Located<String>>,
    /// The language of browsers that ask for none there is.
    pub language: Option<Located<String>>,
    /// Templates, texts, style and scripts in place of the embedded ones.
    pub folder: Option<Located<PathBuf>>,
}

pub(super) const PAGES: Table = Table {
    name: "pages",
    repeated: false,
    meaning: "What people see. See [pages.md](pages.md).",
    keys: &[&ORGANISATION, &LOGO, &HELP_TEXT, &HELP_LINK, &LANGUAGE, &FOLDER],
    variants: &[],
};

const ORGANISATION: Key<Optional<Text>> = Key {
    name: "organisation",
    shape: Optional { kind: Text("text"), example: "Contoso", absent: "the federation service name" },
    meaning: "The organisation's name, above every page.",
};

const LOGO: Key<Optional<File>> = Key {
    name: "logo",
    shape: Optional { kind: File, example: "pages/logo.svg", absent: "the organisation's name" },
    meaning: "Its logo: PNG, JPEG, WebP or SVG of at most 64 KiB. Every page carries it, so it should be small.",
};

const HELP_TEXT: Key<Optional<Text>> = Key {
    name: "help_text",
    shape: Optional { kind: Text("text"), example: "Help desk: +1 555 0100, around the clock.", absent: "nothing" },
    meaning: "Whom to call, below every page.",
};

const HELP_LINK: Key<Optional<Text>> = Key {
    name: "help_link",
    shape: Optional { kind: Text("URL"), example: "https://help.contoso.com/sign-in", absent: "no link" },
    meaning: "The help desk's address, below every page.",
};

const LANGUAGE: Key<Optional<Text>> = Key {
    name: "language",
    shape: Optional { kind: Text("language"), example: "de", absent: "`en`" },
    meaning: "The language for browsers that ask for none there is. English (`en`) and German (`de`) are embedded; the folder \
              can add others.",
};

const FOLDER: Key<Optional<Folder>> = Key {
    name: "folder",
    shape: Optional { kind: Folder, example: "pages/templates", absent: "everything embedded" },
    meaning: "Files in place of the embedded templates, texts, style and scripts. What is not there stays embedded. Each is \
              tried when the configuration is read.",
};

pub(super) fn pages(mut section: Section<'_, '_>) -> PagesSection {
    let help_link = section.optional(&HELP_LINK);
    if let Some(link) = help_link.as_ref().filter(|link| !crate::pages::is_http(&link.value)) {
        let cure = "Give the whole address, such as https://help.contoso.com/sign-in.";
        section.source.problem(link, format!("must be an address of HTTP, is {:?}", link.value), cure);
    }
    let pages = PagesSection {
        organisation: section.optional(&ORGANISATION),
        logo: section.optional(&LOGO),
        help_text: section.optional(&HELP_TEXT),
        help_link,
        language: section.optional(&LANGUAGE),
        folder: section.optional(&FOLDER),
    };
    section.finish();
    pages
}
