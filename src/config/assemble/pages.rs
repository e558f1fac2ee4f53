//! The pages: the operator's folder and logo.

use super::{Builder, Located, Place};
use crate::pages::{Material, MaterialProblem, Pages, Settings};
use std::path::PathBuf;

/// As large as a logo may be: every page carries it, a third larger for its encoding.
const LOGO_BYTES: usize = 64 * 1024;

impl Builder<'_> {
    /// What the pages are made from is judged here, so that no person meets a broken one.
    pub(super) fn pages(&mut self) -> Option<Pages> {
        let configuration = self.configuration;
        let section = &configuration.pages;
        let text = |text: &Option<Located<String>>| text.as_ref().map(|text| text.value.clone());
        let logo = section.logo.as_ref().and_then(|path| self.logo(path));
        let settings = Settings {
            service_name: configuration.service.name.value.clone(),
            organisation: text(&section.organisation),
            logo,
            help_text: text(&section.help_text),
            help_link: text(&section.help_link),
            language: text(&section.language),
        };
        let material = section.folder.as_ref().map(|folder| self.material(folder)).unwrap_or_default();
        match Pages::new(settings, material) {
            Ok(pages) => self.check_language(&pages).then_some(pages),
            Err(problems) => {
                problems.into_iter().for_each(|problem| self.material_problem(problem));
                None
            }
        }
    }

    fn logo(&mut self, path: &Located<PathBuf>) -> Option<String> {
        let image = self.read(path)?;
        if image.len() > LOGO_BYTES {
            let message = format!("names an image of {} bytes; {LOGO_BYTES} are the most", image.len());
            self.problem(path, message, "Make it smaller; an SVG file is often enough.");
            return None;
        }
        let logo = Settings::logo_from(&image);
        if logo.is_none() {
            self.problem(path, "names a file that is not an image for a page", "Use PNG, JPEG, WebP or SVG.");
        }
        logo
    }

    fn material(&mut self, folder: &Located<PathBuf>) -> Material {
        let mut files = Vec::new();
        for (path, bytes) in self.read_folder(folder).files {
            let path = PathBuf::from(path);
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            match String::from_utf8(bytes) {
                Ok(text) => files.push((name, text.trim_start_matches('\u{feff}').to_owned())),
                Err(error) => {
                    let sound = &error.as_bytes()[..error.utf8_error().valid_up_to()];
                    let line = sound.iter().filter(|byte| **byte == b'\n').count() + 1;
                    let place = Place { file: path, line: Some(line), column: None };
                    self.problem_in(place, folder, "this is not UTF-8 text", "Save it as UTF-8.");
                }
            }
        }
        Material { files }
    }

    fn check_language(&mut self, pages: &Pages) -> bool {
        let Some(language) = &self.configuration.pages.language else { return true };
        let known: Vec<&str> = pages.languages().map(|(tag, _)| tag).collect();
        if known.contains(&language.value.as_str()) {
            return true;
        }
        let message = format!("must be a language there is, is {:?}", language.value);
        let cure = format!("There are {}; a file {}.toml in [pages] folder adds it.", known.join(", "), language.value);
        self.problem(language, message, cure);
        false
    }

    fn material_problem(&mut self, problem: MaterialProblem) {
        let MaterialProblem { spot, message, cure } = problem;
        let configuration = self.configuration;
        let Some(folder) = &configuration.pages.folder else {
            // without a folder every file is an embedded one, and those are tested
            let message = format!("cannot be shown on pages, because the embedded {} {message}", spot.file);
            return self.problem(&configuration.service.name, message, "This is a fault of fedgate; report it.");
        };
        let place = Place { file: folder.value.join(&spot.file), line: spot.line, column: None };
        self.problem_in(place, folder, message, cure);
    }
}
