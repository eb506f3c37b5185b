//! A walk through one RESP value, however deep, that remembers three numbers.

/// Where a walk stands.
#[derive(Debug)]
pub(super) struct Value {
    /// Elements that are still to come, the one that has begun included.
    left: u64,
    at: At,
}

#[derive(Debug, Clone, Copy)]
enum At {
    /// The next byte says what the next element is.
    Type,
    /// In a line that is an element by itself.
    Line,
    /// In the number of an element, of this type.
    Number { of: u8, negative: bool, value: u64 },
    /// In a string, with so many bytes to come.
    Bytes(u64),
}

/// A step of a walk.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Walk {
    /// So many bytes belong to the value.
    On(usize),
    /// The value has ended right before this.
    Over,
    /// The next byte cannot belong to a value.
    Broken,
}

/// Whether an element may begin with this byte. Streamed strings and aggregates, which no server sends, are
/// found out by their lengths.
pub(super) fn is_type(byte: u8) -> bool {
    b"+-:_,#($!=*~>%|".contains(&byte)
}

impl Value {
    pub(super) fn new() -> Value {
        Value { left: 1, at: At::Type }
    }

    /// An inline command: all up to the end of the line.
    pub(super) fn line() -> Value {
        Value { left: 1, at: At::Line }
    }

    pub(super) fn is_over(&self) -> bool {
        self.left == 0
    }

    /// Takes as much of the input as belongs to the value.
    pub(super) fn walk(&mut self, input: &[u8]) -> Walk {
        let mut taken = 0;
        while self.left > 0 && taken < input.len() {
            match self.step(&input[taken..]) {
                Some(bytes) => taken += bytes,
                None if taken > 0 => break,
                None => return Walk::Broken,
            }
        }
        if taken == 0 && self.is_over() { Walk::Over } else { Walk::On(taken) }
    }

    /// Takes at least one byte; `None` if the next cannot be.
    fn step(&mut self, input: &[u8]) -> Option<usize> {
        match self.at {
            At::Type => {
                self.at = match input[0] {
                    b'+' | b'-' | b':' | b'_' | b',' | b'#' | b'(' => At::Line,
                    of if is_type(of) => At::Number { of, negative: false, value: 0 },
                    _ => return None,
                };
                Some(1)
            }
            At::Line => match input.iter().position(|byte| *byte == b'\n') {
                Some(end) => {
                    self.element_over();
                    Some(end + 1)
                }
                None => Some(input.len()),
            },
            At::Number { of, negative, value } => {
                match input[0] {
                    b'-' if value == 0 && !negative => self.at = At::Number { of, negative: true, value },
                    digit @ b'0'..=b'9' => {
                        let value = value.checked_mul(10)?.checked_add(u64::from(digit - b'0'))?;
                        self.at = At::Number { of, negative, value };
                    }
                    b'\r' => {}
                    b'\n' => self.number_over(of, negative, value)?,
                    _ => return None,
                }
                Some(1)
            }
            At::Bytes(left) => {
                let taken = input.len().min(usize::try_from(left).unwrap_or(usize::MAX));
                self.at = At::Bytes(left - taken as u64);
                if left == taken as u64 {
                    self.element_over();
                }
                Some(taken)
            }
        }
    }

    fn number_over(&mut self, of: u8, negative: bool, value: u64) -> Option<()> {
        let elements = match of {
            // A null, whatever it might have been.
            _ if negative => 0,
            b'$' | b'!' | b'=' => {
                self.at = At::Bytes(value.checked_add(2)?);
                return Some(());
            }
            b'%' => value.checked_mul(2)?,
            // Attributes stand before the element that they belong to.
            b'|' => value.checked_mul(2)?.checked_add(1)?,
            _ => value,
        };
        self.left = self.left.checked_add(elements)?;
        self.element_over();
        Some(())
    }

    fn element_over(&mut self) {
        self.left -= 1;
        self.at = At::Type;
    }
}
