//! The testkit's own tests. The twin's are written so that a reader can hold each of them to one
//! sentence or one cell of the contract.

mod story;

mod big;
mod broken;
mod example;
mod small;
mod twin_actions;
mod twin_facts;
mod twin_input;
mod twin_lines;
mod twin_retain;
mod twin_train;

/// FNV-1a, 64 bits.
fn fnv(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}
