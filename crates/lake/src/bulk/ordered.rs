//! Work on several threads whose results are taken in order.

use crate::facts::FactsError;
use std::collections::VecDeque;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// How many pieces of a task wait to be taken before its thread has to wait too.
const PIECES_WAITING: usize = 4;

/// What a thread hands its pieces to. It says whether anybody still wants them. The last thing that
/// comes through is nothing: a task of which that is missing did not end as it should.
pub(super) struct Pieces<T>(SyncSender<Result<Option<T>, FactsError>>);

impl<T> Pieces<T> {
    /// Hands over a piece; `false` when the work is given up.
    pub(super) fn send(&self, piece: T) -> bool {
        self.0.send(Ok(Some(piece))).is_ok()
    }
}

/// How far the results were taken, so that no thread runs far ahead of that.
struct Gate {
    taken: Mutex<Taken>,
    moved: Condvar,
    ahead: usize,
}

struct Taken {
    tasks: usize,
    is_given_up: bool,
}

impl Gate {
    fn lock(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until a task may begin; `false` when the work is given up.
    fn wait(&self, task: usize) -> bool {
        let waits = |taken: &mut Taken| !taken.is_given_up && task >= taken.tasks + self.ahead;
        let taken = self.moved.wait_while(self.lock(), waits);
        !taken.unwrap_or_else(PoisonError::into_inner).is_given_up
    }

    fn change(&self, change: impl FnOnce(&mut Taken)) {
        change(&mut self.lock());
        self.moved.notify_all();
    }
}

/// Does the tasks from 0 on, each thread with a worker of its own, and hands their pieces to `take`
/// in the order of the tasks and, within one, as they were sent.
///
/// # Errors
///
/// The first error in that order, or `take`'s.
pub(super) fn in_order<W, T: Send>(
    (tasks, threads): (usize, usize),
    worker: impl Fn() -> Result<W, FactsError> + Sync,
    work: impl Fn(&mut W, usize, &Pieces<T>) -> Result<(), FactsError> + Sync,
    mut take: impl FnMut(usize, T) -> Result<(), FactsError>,
) -> Result<(), FactsError> {
    let threads = threads.clamp(1, tasks.max(1));
    let gate = Gate {
        taken: Mutex::new(Taken { tasks: 0, is_given_up: false }),
        moved: Condvar::new(),
        ahead: threads + 1,
    };
    let (mut queue, mut receivers) = (VecDeque::new(), Vec::new());
    for task in 0..tasks {
        let (sender, receiver) = sync_channel(PIECES_WAITING);
        queue.push_back((task, Pieces(sender)));
        receivers.push(receiver);
    }
    let queue = Mutex::new(queue);
    let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
    let run = || {
        let mut worker = worker();
        while let Some((task, pieces)) = next() {
            if !gate.wait(task) {
                return;
            }
            let done = match &mut worker {
                Ok(worker) => work(worker, task, &pieces),
                Err(error) => Err(std::io::Error::other(error.to_string()).into()),
            };
            let is_done = done.is_ok();
            // Nobody listens once the work is given up.
            let _ = pieces.0.send(done.map(|()| None));
            if !is_done {
                return;
            }
        }
    };
    std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(run)).collect();
        let mut outcome = Ok(());
        for (task, receiver) in receivers.into_iter().enumerate() {
            let mut is_done = false;
            outcome = receiver.iter().try_for_each(|piece| match piece? {
                Some(piece) => take(task, piece),
                None => {
                    is_done = true;
                    Ok(())
                }
            });
            if outcome.is_err() || !is_done {
                outcome = outcome.and_then(|()| Err(broken_down()));
                break;
            }
            gate.change(|taken| taken.tasks = task + 1);
        }
        gate.change(|taken| taken.is_given_up = true);
        // Every thread is waited for, also behind one that failed.
        let failed = running.into_iter().filter_map(|thread| thread.join().err()).count();
        match failed {
            0 => outcome,
            _ => Err(broken_down()),
        }
    })
}

fn broken_down() -> FactsError {
    std::io::Error::other("a thread that decided broke down").into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn pieces_come_in_order_on_any_number_of_threads(
            pieces in proptest::collection::vec(0usize..9, 0..40),
            threads in 1usize..5,
        ) {
            let mut taken = Vec::new();
            let work = |_: &mut (), task: usize, out: &Pieces<(usize, usize)>| {
                for piece in 0..pieces[task] {
                    assert!(out.send((task, piece)));
                }
                Ok(())
            };
            in_order((pieces.len(), threads), || Ok(()), work, |task, piece| {
                assert_eq!(task, piece.0);
                taken.push(piece);
                Ok(())
            }).unwrap();
            let expected: Vec<_> = (0..pieces.len())
                .flat_map(|task| (0..pieces[task]).map(move |piece| (task, piece)))
                .collect();
            prop_assert_eq!(taken, expected);
        }

        #[test]
        fn the_first_error_in_order_ends_it(
            tasks in 1usize..30,
            wrong in 0usize..30,
            threads in 1usize..5,
        ) {
            let work = |_: &mut (), task: usize, out: &Pieces<usize>| {
                out.send(task);
                if task >= wrong {
                    return Err(std::io::Error::other(task.to_string()).into());
                }
                Ok(())
            };
            let mut taken = 0;
            let done = in_order((tasks, threads), || Ok(()), work, |_, _| {
                taken += 1;
                Ok(())
            });
            if wrong < tasks {
                prop_assert_eq!(done.unwrap_err().to_string(), wrong.to_string());
                prop_assert_eq!(taken, wrong + 1);
            } else {
                prop_assert!(done.is_ok());
            }
        }
    }

    #[test]
    fn a_thread_that_breaks_down_ends_the_work() {
        for (tasks, threads) in [(1, 1), (2, 1), (5, 2), (5, 9)] {
            let work = |_: &mut (), task: usize, out: &Pieces<usize>| {
                assert!(task > 0, "the first one breaks down, as it was told to");
                out.send(task);
                Ok(())
            };
            let mut taken = Vec::new();
            let ended = in_order(
                (tasks, threads),
                || Ok(()),
                work,
                |task, _| {
                    taken.push(task);
                    Ok(())
                },
            );
            let error = ended.unwrap_err().to_string();
            assert!(error.contains("broke down"), "{error}");
            assert_eq!(taken, [0; 0], "nothing behind it may be taken");
        }
    }
}
