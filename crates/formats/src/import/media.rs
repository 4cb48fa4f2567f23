//! Pictures and files: what is known of them without their bytes.

use consentry_model::{Kind, Origin, Part};
use std::borrow::Cow;

/// A file by its name and what the export says of it: a picture if either says so.
pub(super) fn file<'a>(
    origin: Origin,
    name: Option<&'a str>,
    media_type: Option<&'a str>,
) -> Part<'a> {
    let by_name = name.and_then(picture_by_name);
    // Exports also write bare extensions (`txt`) where a media type belongs.
    let media_type = media_type.filter(|media_type| media_type.contains('/')).or(by_name);
    let is_picture = media_type.is_some_and(|media_type| media_type.starts_with("image/"));
    let mut part = Part::new(if is_picture { Kind::Image } else { Kind::Attachment }, origin);
    part.name = name.filter(|name| !name.is_empty()).map(Cow::Borrowed);
    part.media_type = media_type.map(Cow::Borrowed);
    part
}

/// A `data:` URL as its media type, if it names one, and the size of what it holds.
pub(super) fn data_url(url: &str) -> Option<(Option<&str>, u64)> {
    let (head, data) = url.strip_prefix("data:")?.split_once(',')?;
    let media_type = head.split(';').next().filter(|media_type| !media_type.is_empty());
    let is_base64 = head.ends_with(";base64");
    Some((media_type, if is_base64 { base64_size(data) } else { data.len() as u64 }))
}

/// How many bytes a base64 text stands for.
pub(super) fn base64_size(text: &str) -> u64 {
    let digits = text.bytes().filter(|byte| !byte.is_ascii_whitespace() && *byte != b'=').count();
    digits as u64 * 3 / 4
}

fn picture_by_name(name: &str) -> Option<&'static str> {
    let (_, extension) = name.rsplit_once('.')?;
    let known = [
        ("png", "image/png"),
        ("jpg", "image/jpeg"),
        ("jpeg", "image/jpeg"),
        ("gif", "image/gif"),
        ("webp", "image/webp"),
        ("heic", "image/heic"),
        ("bmp", "image/bmp"),
        ("tiff", "image/tiff"),
        ("svg", "image/svg+xml"),
    ];
    let found = known.iter().find(|(known, _)| extension.eq_ignore_ascii_case(known))?;
    Some(found.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_told_from_files() {
        for (name, media_type, kind, expected) in [
            (Some("a.PNG"), None, Kind::Image, Some("image/png")),
            (Some("a.txt"), Some("txt"), Kind::Attachment, None),
            (Some("a.bin"), Some("image/webp"), Kind::Image, Some("image/webp")),
            (Some("a.pdf"), Some("application/pdf"), Kind::Attachment, Some("application/pdf")),
            (Some(""), None, Kind::Attachment, None),
            (None, None, Kind::Attachment, None),
        ] {
            let part = file(Origin::File, name, media_type);
            assert_eq!((part.kind, part.media_type.as_deref()), (kind, expected), "{name:?}");
        }
        assert_eq!(file(Origin::File, Some(""), None).name, None);
    }

    #[test]
    fn sizes_are_those_of_the_content() {
        assert_eq!(data_url("data:image/png;base64,aGVsbG8="), Some((Some("image/png"), 5)));
        assert_eq!(data_url("data:,hello"), Some((None, 5)));
        assert_eq!(data_url("https://example.org/a.png"), None);
        assert_eq!([base64_size(""), base64_size("aA=="), base64_size("aGVs\nbG8h")], [0, 1, 6]);
    }
}
