//! What tokens are written with.

pub(in crate::detect) use crate::detect::text::is_word;

pub(in crate::detect) const fn is_alphanumeric(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
}
pub(in crate::detect) const fn is_capital_or_digit(byte: u8) -> bool {
    byte.is_ascii_uppercase() || byte.is_ascii_digit()
}
pub(in crate::detect) const fn is_small_or_digit(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit()
}
pub(in crate::detect) const fn is_hexadecimal(byte: u8) -> bool {
    byte.is_ascii_digit() || matches!(byte, b'a'..=b'f')
}
pub(in crate::detect) const fn is_hexadecimal_or_dash(byte: u8) -> bool {
    byte.is_ascii_hexdigit() || byte == b'-'
}
pub(in crate::detect) const fn is_url_safe(byte: u8) -> bool {
    is_word(byte) || byte == b'-'
}
pub(in crate::detect) const fn is_url_safe_or_equals(byte: u8) -> bool {
    is_url_safe(byte) || byte == b'='
}
pub(in crate::detect) const fn is_url_safe_or_bang(byte: u8) -> bool {
    is_url_safe(byte) || byte == b'!'
}
pub(in crate::detect) const fn is_url_safe_or_colon(byte: u8) -> bool {
    is_url_safe(byte) || byte == b':'
}
pub(in crate::detect) const fn is_dotted(byte: u8) -> bool {
    is_url_safe(byte) || byte == b'.'
}
pub(in crate::detect) const fn is_alphanumeric_or_dot(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'.'
}
pub(in crate::detect) const fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')
}
pub(in crate::detect) const fn is_base64_or_underscore(byte: u8) -> bool {
    is_base64(byte) || byte == b'_'
}
pub(in crate::detect) const fn is_percent_encoded(byte: u8) -> bool {
    is_base64(byte) || byte == b'%'
}
pub(in crate::detect) const fn is_path(byte: u8) -> bool {
    is_url_safe(byte) || byte == b'/'
}
pub(in crate::detect) const fn is_path_or_at(byte: u8) -> bool {
    is_path(byte) || byte == b'@'
}
pub(in crate::detect) const fn is_any_hexadecimal(byte: u8) -> bool {
    byte.is_ascii_hexdigit()
}
pub(in crate::detect) const fn is_alphanumeric_or_dollar(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'$'
}
pub(in crate::detect) const fn is_capital_digit_or_dash(byte: u8) -> bool {
    is_capital_or_digit(byte) || byte == b'-'
}
