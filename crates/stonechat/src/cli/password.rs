//! A password from the operator's terminal.

use std::io::{self, BufRead, IsTerminal};

use anyhow::{Context, bail};

/// Asks for a new password twice without showing it, or reads one line where nobody can be asked.
pub(crate) fn read_password(from_stdin: bool) -> anyhow::Result<String> {
    if from_stdin {
        return first_line(io::stdin().lock());
    }
    if !io::stdin().is_terminal() {
        bail!("There is no terminal to ask for a password. Pipe it in, and add --password-stdin.");
    }
    let ask = |prompt| rpassword::prompt_password(prompt).context("The terminal cannot be asked for a password.");
    let password = ask("Password: ")?;
    if ask("Once more: ")? != password {
        bail!("The two passwords are not the same. Nothing was changed.");
    }
    Ok(password)
}

/// The first line without its end. The rest of the password is kept as it is, spaces too.
fn first_line(mut input: impl BufRead) -> anyhow::Result<String> {
    let mut line = String::new();
    input.read_line(&mut line).context("The password cannot be read from standard input.")?;
    let line = line.strip_suffix('\n').unwrap_or(&line);
    Ok(line.strip_suffix('\r').unwrap_or(line).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_one_line_exactly() {
        for (input, password) in [(" two words \r\nmore", " two words "), ("last", "last"), ("", "")] {
            assert_eq!(first_line(input.as_bytes()).unwrap(), password);
        }
    }
}
