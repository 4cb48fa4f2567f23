//! Expressions of Cedar, by the type that they have.

use super::attributes;
use crate::generate::chance::Chance;
use crate::generate::facts::{TEXTS, escaped};
use consentry_model::facts::{Attribute, Resource, Type};

/// Writes expressions about one kind of resource.
pub(super) struct Writer<'d> {
    chance: &'d mut Chance,
    resource: Resource,
    /// Whether the present instant may only be compared with instants.
    is_derivable: bool,
    /// The attributes that may be absent but are known to be there.
    known: Vec<Attribute>,
}

impl<'d> Writer<'d> {
    pub(super) fn new(chance: &'d mut Chance, resource: Resource, is_derivable: bool) -> Self {
        Self { chance, resource, is_derivable, known: Vec::new() }
    }

    /// A truth value, nested about this deep.
    pub(super) fn truth(&mut self, depth: u32) -> String {
        let deeper = depth.saturating_sub(1);
        if depth == 0 {
            return self.comparison(0);
        }
        match self.chance.below(20) {
            0..=2 => format!("({} && {})", self.truth(deeper), self.truth(deeper)),
            3..=4 => format!("({} || {})", self.truth(deeper), self.truth(deeper)),
            5 => format!("!({})", self.truth(deeper)),
            6 => format!(
                "(if {} then {} else {})",
                self.truth(deeper),
                self.truth(deeper),
                self.truth(deeper)
            ),
            7..=10 => self.guarded(deeper),
            11 => format!("({}) == ({})", self.truth(deeper), self.truth(deeper)),
            12 => self.about_entities(),
            13 => self.about_records(deeper),
            14 => self.about_constants(),
            _ => self.comparison(deeper),
        }
    }

    /// A limit of the present instant, for some rows.
    pub(super) fn limit(&mut self) -> String {
        let times = attributes(self.resource, Type::Time);
        let name = self.chance.pick(&times).0.as_str();
        let limit = self.about_moving_time(&format!("resource.{name}"));
        format!("resource has {name} && {limit}")
    }

    /// Asks whether an attribute is there, and something about it where it is.
    fn guarded(&mut self, depth: u32) -> String {
        let optional: Vec<Attribute> = [Type::Text, Type::Bool, Type::Time]
            .into_iter()
            .flat_map(|of| attributes(self.resource, of))
            .filter_map(|(attribute, always)| (!always).then_some(attribute))
            .collect();
        if optional.is_empty() {
            return self.comparison(depth);
        }
        let attribute = self.chance.pick(&optional);
        let name = attribute.as_str();
        if self.chance.percent(20) {
            return format!("resource has {name}");
        }
        self.known.push(attribute);
        let about = match attribute.type_of() {
            Type::Text => self.about_text(&format!("resource.{name}"), depth),
            Type::Bool => format!("resource.{name}"),
            Type::Time => self.about_time(&format!("resource.{name}"), depth),
        };
        let further = if self.chance.percent(40) { self.truth(depth) } else { "true".to_owned() };
        self.known.pop();
        if self.chance.percent(25) {
            let otherwise = self.truth(depth);
            format!("(if resource has {name} then {about} && {further} else {otherwise})")
        } else {
            format!("(resource has {name} && {about} && {further})")
        }
    }

    fn comparison(&mut self, depth: u32) -> String {
        match self.chance.below(10) {
            0 => if self.chance.percent(50) { "true" } else { "false" }.to_owned(),
            1..=2 => self.attribute(Type::Bool).unwrap_or_else(|| "true".to_owned()),
            3..=5 => {
                let text = self.text(depth);
                self.about_text(&text, depth)
            }
            6 if !self.is_derivable => {
                let (left, right) = (self.long(depth), self.long(depth));
                format!("({left}) {} ({right})", self.relation())
            }
            7 if !self.is_derivable => {
                let (left, right) = (self.duration(depth), self.duration(depth));
                format!("{left} {} {right}", self.relation())
            }
            _ => {
                let time = self.time(depth);
                self.about_time(&time, depth)
            }
        }
    }

    fn relation(&mut self) -> &'static str {
        self.chance.pick(&["<", "<=", ">", ">=", "==", "!="])
    }

    fn attribute(&mut self, of: Type) -> Option<String> {
        let there: Vec<Attribute> = attributes(self.resource, of)
            .into_iter()
            .filter(|(attribute, always)| *always || self.known.contains(attribute))
            .map(|(attribute, _)| attribute)
            .collect();
        if there.is_empty() {
            return None;
        }
        let name = self.chance.pick(&there).as_str();
        Some(if self.chance.percent(90) {
            format!("resource.{name}")
        } else {
            format!("resource[\"{name}\"]")
        })
    }

    fn about_text(&mut self, text: &str, depth: u32) -> String {
        match self.chance.below(8) {
            0..=1 => format!("{text} {} {}", self.chance.pick(&["==", "!="]), self.text(depth)),
            2..=3 => format!("{}.contains({text})", self.texts(depth)),
            4 => {
                let op = self.chance.pick(&["containsAll", "containsAny"]);
                format!("{}.{op}([{text}, {}])", self.texts(depth), self.text(depth))
            }
            5 => format!("[{text}] == {}", self.texts(depth)),
            6 => format!("[{text}].isEmpty()"),
            _ => {
                let pattern =
                    self.chance.pick(&["*", "p*", "*e", "*o*", "a*pi", "on", "", "*é*", "*\\**"]);
                format!("{text} like \"{pattern}\"")
            }
        }
    }

    fn texts(&mut self, depth: u32) -> String {
        let most = if self.chance.percent(20) { 14 } else { 4 };
        let texts: Vec<String> = (0..self.chance.below(most) + 1)
            .map(|_| if self.chance.percent(80) { self.constant_text() } else { self.text(depth) })
            .collect();
        format!("[{}]", texts.join(", "))
    }

    fn constant_text(&mut self) -> String {
        format!("\"{}\"", escaped(self.chance.pick(&TEXTS)))
    }

    fn text(&mut self, depth: u32) -> String {
        match self.chance.below(10) {
            0..=2 => self.constant_text(),
            3 => "context.purpose".to_owned(),
            4 if depth > 0 => {
                let (one, other) = (self.text(depth - 1), self.text(depth - 1));
                format!("(if {} then {one} else {other})", self.truth(depth - 1))
            }
            5 if depth > 0 => format!("{{a: {}, b: 1}}.a", self.text(depth - 1)),
            _ => self.attribute(Type::Text).unwrap_or_else(|| "context.purpose".to_owned()),
        }
    }

    fn about_time(&mut self, time: &str, depth: u32) -> String {
        if self.is_derivable {
            return self.about_moving_time(time);
        }
        match self.chance.below(8) {
            0 => format!("{time}.toTime() {} {}", self.relation(), self.duration(depth)),
            1 => format!(
                "{time}.durationSince({}) {} {}",
                self.time(depth),
                self.relation(),
                self.duration(depth)
            ),
            2 => format!("[{time}, {}].contains({})", self.time(depth), self.time(depth)),
            _ => format!("{time} {} {}", self.relation(), self.time(depth)),
        }
    }

    /// A comparison with the present instant of which it can be derived when it turns.
    fn about_moving_time(&mut self, time: &str) -> String {
        let (relation, period) = (self.relation(), self.period());
        match self.chance.below(6) {
            0 => format!("context.now.durationSince({time}) {relation} {period}"),
            1 => format!("context.now.toDate() {relation} {time}.toDate()"),
            2 => {
                let days = self.chance.below(40);
                format!("context.now.durationSince({time}).toDays() {relation} {days}")
            }
            3 => {
                format!("{time}.offset({period}) {relation} context.now.offset({})", self.period())
            }
            _ => format!("context.now {relation} {time}.offset({period})"),
        }
    }

    fn time(&mut self, depth: u32) -> String {
        let attribute = self.attribute(Type::Time);
        match self.chance.below(12) {
            0..=1 if !self.is_derivable => "context.now".to_owned(),
            2 => {
                let date = self.chance.pick(&[
                    "2026-01-01",
                    "1970-01-01",
                    "0001-01-01",
                    "9999-12-31T23:59:59.999Z",
                    "2026-01-31T12:00:00Z",
                ]);
                format!("datetime(\"{date}\")")
            }
            3..=4 if depth > 0 => {
                let (time, by) = (self.time(depth - 1), self.duration(depth - 1));
                format!("{time}.offset({by})")
            }
            5 if depth > 0 => format!("{}.toDate()", self.time(depth - 1)),
            6 if depth > 0 && !self.is_derivable => {
                let (one, other) = (self.time(depth - 1), self.time(depth - 1));
                format!("(if {} then {one} else {other})", self.truth(depth - 1))
            }
            _ => attribute.unwrap_or_else(|| "datetime(\"2026-01-01\")".to_owned()),
        }
    }

    fn period(&mut self) -> String {
        let period = self.chance.pick(&[
            "30d",
            "-30d",
            "1d",
            "0ms",
            "5ms",
            "-1ms",
            "1826d",
            "1d12h",
            "106751991167d",
            "9223372036854775807ms",
            "-9223372036854775808ms",
        ]);
        format!("duration(\"{period}\")")
    }

    fn duration(&mut self, depth: u32) -> String {
        if depth == 0 || self.is_derivable {
            return self.period();
        }
        match self.chance.below(6) {
            0 => {
                let (one, other) = (self.time(depth - 1), self.time(depth - 1));
                format!("{one}.durationSince({other})")
            }
            1 => format!("{}.toTime()", self.time(depth - 1)),
            2 => {
                let (one, other) = (self.duration(depth - 1), self.duration(depth - 1));
                format!("(if {} then {one} else {other})", self.truth(depth - 1))
            }
            _ => self.period(),
        }
    }

    fn long(&mut self, depth: u32) -> String {
        if depth == 0 {
            return (self.chance.pick(&["0", "1", "-1", "30", "86400000", "9223372036854775807"]))
                .to_owned();
        }
        let deeper = depth - 1;
        match self.chance.below(8) {
            0 => format!("-({})", self.long(deeper)),
            1 => format!("({} + {})", self.long(deeper), self.long(deeper)),
            2 => format!("({} - {})", self.long(deeper), self.long(deeper)),
            3 => format!("({} * {})", self.long(deeper), self.long(deeper)),
            4 => {
                let (one, other) = (self.long(deeper), self.long(deeper));
                format!("(if {} then {one} else {other})", self.truth(deeper))
            }
            _ => {
                let unit = self.chance.pick(&[
                    "toMilliseconds",
                    "toSeconds",
                    "toMinutes",
                    "toHours",
                    "toDays",
                ]);
                format!("{}.{unit}()", self.duration(deeper))
            }
        }
    }

    fn about_entities(&mut self) -> String {
        let kind = self.chance.pick(&["Part", "FeedbackPart", "Conversation", "Account"]);
        match self.chance.below(6) {
            0 => format!("resource is {kind}"),
            1 => "action in [Action::\"train\", Action::\"converse\"]".to_owned(),
            2 => "action == Action::\"retain\"".to_owned(),
            3 => "principal == Provider::\"self\"".to_owned(),
            4 => "resource == resource".to_owned(),
            _ => "principal in principal".to_owned(),
        }
    }

    fn about_records(&mut self, depth: u32) -> String {
        match self.chance.below(3) {
            0 => {
                let (one, other) = (self.text(depth), self.text(depth));
                format!("{{a: {one}, b: true}} == {{a: {other}, b: {}}}", self.truth(depth))
            }
            1 => format!("{{a: {{b: {}}}}}.a.b", self.truth(depth)),
            _ => {
                let truth = self.truth(depth);
                format!("({{a: {{b: {truth}}}}} has a.b && {{a: {truth}}}.a)")
            }
        }
    }

    /// Decimal numbers and addresses: there are no facts of these, only constants.
    fn about_constants(&mut self) -> String {
        let one = self.chance.pick(&["1.0", "1.00", "-2.5", "922337203685477.5807"]);
        let other = self.chance.pick(&["1.0", "0.9999", "-2.50"]);
        let op =
            self.chance.pick(&["lessThan", "lessThanOrEqual", "greaterThan", "greaterThanOrEqual"]);
        match self.chance.below(4) {
            0 => format!("decimal(\"{one}\").{op}(decimal(\"{other}\"))"),
            1 => format!(
                "(if {} then decimal(\"{one}\") else decimal(\"{other}\")) == decimal(\"1.000\")",
                self.comparison(0)
            ),
            2 => "ip(\"10.0.0.1\").isInRange(ip(\"10.0.0.0/8\"))".to_owned(),
            _ => format!(
                "(if {} then ip(\"127.0.0.1\") else ip(\"::1\")).isIpv4()",
                self.comparison(0)
            ),
        }
    }
}
