//! Test results in the XML form that build servers read, as Apache Ant's JUnit task first wrote it.

use super::test::{TestResult, Tested};

pub(super) fn report(tested: &[Tested]) -> String {
    let count = |wanted: fn(&TestResult) -> bool| tested.iter().filter(|one| wanted(&one.result)).count();
    let failures = count(|result| matches!(result, TestResult::Differs(_)));
    let errors = count(|result| matches!(result, TestResult::Unusable(_)));
    let skipped = count(|result| matches!(result, TestResult::ExpectsNothing));
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <testsuite name=\"claim rules\" tests=\"{}\" failures=\"{failures}\" errors=\"{errors}\" skipped=\"{skipped}\">\n",
        tested.len()
    );
    for one in tested {
        let title = if one.title.is_empty() { &one.file } else { &one.title };
        xml.push_str(&format!("  <testcase classname=\"{}\" name=\"{}\"", escaped(&one.file), escaped(title)));
        match &one.result {
            TestResult::AsExpected => xml.push_str("/>\n"),
            TestResult::Differs(lines) => xml.push_str(&format!(
                "><failure message=\"not as the case expects\">{}</failure></testcase>\n",
                escaped(&lines.join("\n"))
            )),
            TestResult::Unusable(problem) => {
                let problem = escaped(problem);
                xml.push_str(&format!("><error message=\"cannot be run\">{problem}</error></testcase>\n"));
            }
            TestResult::ExpectsNothing => xml.push_str("><skipped/></testcase>\n"),
        }
    }
    xml.push_str("</testsuite>\n");
    xml
}

/// Characters that XML 1.0 cannot carry are spelled out.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' => escaped.push('\n'),
            control if control.is_control() || matches!(control, '\u{fffe}' | '\u{ffff}') => {
                escaped.extend(control.escape_default());
            }
            other => escaped.push(other),
        }
    }
    escaped
}
