//! Reading rule files, which come from Windows more often than not.

use std::io::Read;
use std::path::Path;

/// More than any rule set; the language itself takes less.
const LARGEST: u64 = 16 * 1024 * 1024;

/// The text of a file, or of standard input for `-`, without a byte order mark. A problem says what to do.
pub(super) fn read(name: &str) -> Result<String, String> {
    let mut bytes = Vec::new();
    let read = if name == "-" {
        std::io::stdin().lock().take(LARGEST + 1).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(Path::new(name)).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes))
    };
    read.map_err(|error| format!("cannot be read: {error}"))?;
    if bytes.len() as u64 > LARGEST {
        return Err(format!("is larger than {LARGEST} bytes; this is no rule file"));
    }
    text(bytes)
}

fn text(bytes: Vec<u8>) -> Result<String, String> {
    if bytes.starts_with(&[0xff, 0xfe])
        || bytes.starts_with(&[0xfe, 0xff])
        || bytes.iter().take(64).any(|byte| *byte == 0)
    {
        return Err(
            "is UTF-16, as Windows PowerShell's > and Out-File write it; write it with Set-Content -Encoding utf8, or save \
             it as UTF-8 in the editor"
                .to_owned(),
        );
    }
    match String::from_utf8(bytes) {
        Ok(mut text) => {
            if text.starts_with('\u{feff}') {
                text.remove(0);
            }
            Ok(text)
        }
        Err(error) => {
            let sound = error.utf8_error().valid_up_to();
            let (before, after) = error.as_bytes().split_at(sound);
            let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
            let wrong = after.first().copied().unwrap_or_default();
            let quotes = if matches!(wrong, 0x91..=0x94) { " (there it is a typographic quote)" } else { "" };
            Err(format!(
                "is not UTF-8: line {line} has the byte {wrong:#04X}, as a Windows code page writes it{quotes}; save it as UTF-8 \
                 in the editor, or write it with Set-Content -Encoding utf8"
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_how_to_save_a_file_that_is_not_utf_8() {
        let utf16: Vec<u8> = "\u{feff}c:[]".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert!(text(utf16).unwrap_err().starts_with("is UTF-16"));
        assert!(text(b"c\0:\0[\0".to_vec()).unwrap_err().starts_with("is UTF-16"));
        let code_page = text(b"c:[]\n\x93x\x94".to_vec()).unwrap_err();
        assert!(
            code_page.contains("line 2 has the byte 0x93") && code_page.contains("typographic quote"),
            "{code_page}"
        );
        assert_eq!(text("\u{feff}é".as_bytes().to_vec()), Ok("é".to_owned()));
    }
}
