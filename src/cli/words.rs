//! The command line in Vietnamese: headings of its help, and what is wrong with what was typed.

use super::arguments::Arguments;
use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command, CommandFactory, FromArgMatches};

const TEMPLATE: &str = "{about-with-newline}\nCách dùng: {usage}\n\n{all-args}{after-help}";

/// Reads the command line.
///
/// # Errors
/// The text to show and whether it was asked for: help and the version are no failure.
pub(super) fn read(line: impl IntoIterator<Item = std::ffi::OsString>) -> Result<Arguments, (String, bool)> {
    let mut command = translated(Arguments::command()).arg(
        Arg::new("version")
            .long("version")
            .short('V')
            .action(ArgAction::Version)
            .help("In phiên bản")
            .help_heading(OPTIONS),
    );
    let matches = command.try_get_matches_from_mut(line);
    matches.and_then(|matches| Arguments::from_arg_matches(&matches)).map_err(|error| match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => (error.render().to_string(), true),
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            (format!("thiếu tên lệnh.\n\n{}", error.render()), false)
        }
        _ => (explain(&error), false),
    })
}

const OPTIONS: &str = "Tùy chọn";
const ARGUMENTS: &str = "Tham số";

/// A command with its own arguments first and the settings that all commands share at the end.
fn translated(command: Command) -> Command {
    let help =
        Arg::new("help").long("help").short('h').action(ArgAction::Help).help("In trợ giúp này").help_heading(OPTIONS);
    let heading = |argument: Arg| match argument.get_help_heading() {
        Some(_) => argument,
        None if argument.is_positional() => argument.help_heading(ARGUMENTS),
        None => argument.help_heading(OPTIONS),
    };
    command
        .mut_args(heading)
        .mut_subcommands(translated)
        .disable_help_flag(true)
        .disable_version_flag(true)
        .subcommand_help_heading("Lệnh")
        .help_template(TEMPLATE)
        .arg(help)
}

/// What is wrong, and where to read on.
fn explain(error: &clap::Error) -> String {
    let said = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(all)) => all.join(", "),
        Some(ContextValue::StyledStrs(all)) => all.iter().map(StyledStr::to_string).collect::<Vec<_>>().join(", "),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    let argument = said(ContextKind::InvalidArg);
    let value = said(ContextKind::InvalidValue);
    let what = match error.kind() {
        ErrorKind::UnknownArgument => format!("không có tham số «{argument}»."),
        ErrorKind::InvalidSubcommand => format!("không có lệnh «{}».", said(ContextKind::InvalidSubcommand)),
        ErrorKind::MissingSubcommand => format!("thiếu tên lệnh; các lệnh: {}.", said(ContextKind::ValidSubcommand)),
        ErrorKind::MissingRequiredArgument => format!("thiếu {argument}."),
        ErrorKind::InvalidValue if value.is_empty() => format!("{argument} cần một giá trị đi sau."),
        ErrorKind::InvalidValue => {
            format!("«{value}» không dùng được cho {argument}; hãy chọn: {}.", said(ContextKind::ValidValue))
        }
        ErrorKind::ValueValidation => format!("«{value}» không dùng được cho {argument}."),
        ErrorKind::TooManyValues | ErrorKind::WrongNumberOfValues | ErrorKind::TooFewValues => {
            format!("số giá trị của {argument} không đúng.")
        }
        ErrorKind::ArgumentConflict => {
            format!("{argument} không dùng cùng {}, hoặc bị lặp lại.", said(ContextKind::PriorArg))
        }
        ErrorKind::InvalidUtf8 => "có ký tự không phải UTF-8.".to_owned(),
        _ => "không đọc được.".to_owned(),
    };
    let near = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue];
    let near: Vec<String> = near.into_iter().map(said).filter(|name| !name.is_empty()).collect();
    let near = if near.is_empty() { String::new() } else { format!(" Có phải bạn muốn: {}?", near.join(", ")) };
    format!("Dòng lệnh có chỗ sai: {what}{near} Xem `hoclieu --help`, hoặc `hoclieu LỆNH --help`.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(line: &[&str]) -> String {
        read(std::iter::once("hoclieu").chain(line.iter().copied()).map(Into::into)).unwrap_err().0
    }

    #[test]
    fn what_is_wrong_is_said_in_vietnamese_with_what_was_typed() {
        for (line, told) in [
            (&["import"][..], "thiếu <PATH>"),
            (&["imprt", "x"], "không có lệnh «imprt». Có phải bạn muốn: "),
            (&["import", "x", "--drft"], "không có tham số «--drft». Có phải bạn muốn: --draft?"),
            (&["serve", "--listen", "đâu đó"], "«đâu đó» không dùng được cho --listen"),
            (&["serve", "--listen"], "--listen"),
            (&["import", "a", "b"], "không có tham số «b»"),
        ] {
            let text = said(line);
            assert!(text.contains(told), "{line:?}: {text}");
            assert!(!text.contains("error:") && !text.contains("Usage"), "{text}");
        }
    }

    #[test]
    fn a_commands_own_options_stand_before_those_of_all_commands() {
        let help = said(&["import", "--help"]);
        let at = |text: &str| help.find(text).unwrap_or_else(|| panic!("{text}: {help}"));
        assert!(at("Tham số:") < at("--draft") && at("--draft") < at("Cấu hình chung:"), "{help}");
        assert!(at("Cấu hình chung:") < at("--listen"), "{help}");
        for english in ["Usage", "Options:", "Arguments:", "Commands:", "Print help"] {
            assert!(!help.contains(english) && !said(&["--help"]).contains(english), "{english}");
        }
    }
}
