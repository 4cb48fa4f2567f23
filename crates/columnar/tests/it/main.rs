//! The engine from outside: programs on batches of every shape, held to plain evaluation.

#[cfg(test)]
mod batches;
#[cfg(test)]
mod formula;
#[cfg(test)]
mod programs;
#[cfg(test)]
mod retention;
