//! `fedgate pages gallery`.

use crate::support::fedgate::run;
use fedgate::pages::{Material, samples};
use std::fs;

#[test]
fn the_gallery_shows_every_page_and_every_template() {
    let folder = tempfile::tempdir().unwrap();
    let gallery = folder.path().join("gallery");
    let ended = run(["pages", "gallery", gallery.to_str().unwrap()]);
    assert_eq!((ended.code, ended.errors.as_str()), (Some(0), ""));
    for sample in samples() {
        for language in ["en", "de"] {
            let file = |kind| gallery.join(format!("{}.{language}.{kind}", sample.name));
            assert!(fs::read_to_string(file("html")).unwrap().contains("</html>"), "{}", sample.name);
            assert!(fs::read_to_string(file("csp")).unwrap().starts_with("default-src 'none'; "), "{}", sample.name);
        }
    }
    for (name, text) in Material::embedded() {
        assert_eq!(fs::read_to_string(gallery.join("templates").join(name)).unwrap(), text);
    }
    // what the gallery writes can be taken as the operator's own
    let configuration = folder.path().join("fedgate.toml");
    fs::write(&configuration, "[service]\nname = \"sts.contoso.test\"\n[pages]\nfolder = \"gallery/templates\"\n")
        .unwrap();
    let ended = run(["pages", "gallery", "elsewhere", "--config", configuration.to_str().unwrap()]);
    assert_eq!(ended.code, Some(64));
    assert!(!ended.errors.contains("[pages]"), "{}", ended.errors);
}
