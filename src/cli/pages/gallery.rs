//! `fedgate pages gallery`.

use crate::cli::{EXIT_CONFIGURATION, terminal};
use crate::config::{self, Configuration};
use crate::pages::{Material, Pages, Settings, samples};
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The arguments of `fedgate pages gallery`.
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// The folder to write to; it is made if it is not there
    folder: PathBuf,
    /// The configuration whose pages are shown; the embedded ones without it
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments) -> ExitCode {
    let pages = match pages(arguments.config.as_deref()) {
        Ok(pages) => pages,
        Err(problems) => {
            terminal::complain_safely(&problems);
            return ExitCode::from(EXIT_CONFIGURATION);
        }
    };
    match write(&pages, &arguments.folder) {
        Ok(written) => {
            terminal::print(format!("{written} pages are in {}.\n", arguments.folder.display()));
            ExitCode::SUCCESS
        }
        Err(error) => {
            terminal::complain_safely(&format!("fedgate: {} cannot be written: {error}", arguments.folder.display()));
            ExitCode::FAILURE
        }
    }
}

fn pages(file: Option<&Path>) -> Result<Pages, String> {
    match file {
        Some(file) => Configuration::load(file)
            .and_then(|configuration| config::assemble_pages(&configuration))
            .map_err(|problems| problems.to_string()),
        None => {
            let settings = Settings { service_name: "sts.contoso.test".to_owned(), ..Settings::default() };
            let told = |problem: crate::pages::MaterialProblem| format!("{}: {}", problem.spot.file, problem.message);
            Pages::new(settings, Material::default())
                .map_err(|problems| problems.into_iter().map(told).collect::<Vec<_>>().join("\n"))
        }
    }
}

/// The pages as NAME.LANGUAGE.html, each with its content policy, which a file cannot have as a header.
fn write(pages: &Pages, folder: &Path) -> io::Result<usize> {
    let templates = folder.join("templates");
    std::fs::create_dir_all(&templates)?;
    for (name, text) in Material::embedded() {
        std::fs::write(templates.join(name), text)?;
    }
    let mut written = 0;
    for (tag, language) in pages.languages() {
        for sample in samples() {
            let page = pages.render(&sample.page, language);
            std::fs::write(folder.join(format!("{}.{tag}.html", sample.name)), page.html)?;
            std::fs::write(folder.join(format!("{}.{tag}.csp", sample.name)), page.content_security_policy + "\n")?;
            written += 1;
        }
    }
    Ok(written)
}
