//! Texts one after the other, each after its length: what sealed lists are made of.

/// Appends texts.
pub(super) struct Writer(pub(super) Vec<u8>);

impl Writer {
    /// A text of up to 65534 octets; a longer one is as good as none.
    pub(super) fn text(&mut self, text: Option<&str>) -> &mut Self {
        // no text is told from an empty one
        let length = text.map_or(Some(0), |text| u16::try_from(text.len()).ok()?.checked_add(1)).unwrap_or(0);
        self.0.extend_from_slice(&length.to_be_bytes());
        if length > 0 {
            self.0.extend_from_slice(text.unwrap_or_default().as_bytes());
        }
        self
    }
}

/// Takes them off again.
pub(super) struct Reader<'a>(pub(super) &'a [u8]);

impl<'a> Reader<'a> {
    /// The outer `None` is the end of what can be read.
    pub(super) fn text(&mut self) -> Option<Option<&'a str>> {
        let (length, after) = self.0.split_first_chunk::<2>()?;
        let Some(length) = usize::from(u16::from_be_bytes(*length)).checked_sub(1) else {
            self.0 = after;
            return Some(None);
        };
        let (text, after) = after.split_at_checked(length)?;
        self.0 = after;
        str::from_utf8(text).ok().map(Some)
    }

    /// A text that must be there.
    pub(super) fn owned(&mut self) -> Option<String> {
        self.text().flatten().map(str::to_owned)
    }

    /// A text that may be missing.
    pub(super) fn optional(&mut self) -> Option<Option<String>> {
        Some(self.text()?.map(str::to_owned))
    }
}
