use super::*;
use proptest::prelude::*;

fn by_month(entries: &[(&str, u64, u64)]) -> BTreeMap<String, InOut> {
    entries
        .iter()
        .map(|(month, parts, included)| {
            ((*month).to_owned(), InOut { parts: *parts, included: *included })
        })
        .collect()
}

fn pixels(text: &str) -> f64 {
    text.parse().expect("a number")
}

#[test]
fn months_without_parts_keep_their_place() {
    let chart = Columns::new(&by_month(&[("2025-11", 4, 1), ("2026-02", 2, 2)])).expect("a chart");
    let tips: Vec<&str> = chart.columns.iter().map(|column| column.tip.as_str()).collect();
    assert_eq!(
        tips,
        [
            "November 2025: 4 parts, 1 in the dataset, 3 left out",
            "December 2025: 0 parts, 0 in the dataset, 0 left out",
            "January 2026: 0 parts, 0 in the dataset, 0 left out",
            "February 2026: 2 parts, 2 in the dataset, 0 left out",
        ]
    );
    assert_eq!(chart.columns[1].included, None);
    assert_eq!(chart.columns[3].left_out, None);
    let minors: Vec<&str> = chart.columns.iter().map(|column| column.minor).collect();
    assert_eq!(minors, ["Nov", "Dec", "Jan", "Feb"]);
    let majors: Vec<&str> = chart.columns.iter().map(|column| column.major.as_str()).collect();
    assert_eq!(majors, ["2025", "", "2026", ""]);
    assert!(chart.description.contains("from November 2025 to February 2026"));
    assert!(chart.description.contains("The highest is November 2025: 4 parts"));
}

#[test]
fn a_column_reaches_its_tick() {
    let chart = Columns::new(&by_month(&[("2026-01", 4_000, 1_000)])).expect("a chart");
    let labels: Vec<&str> = chart.ticks.iter().map(|tick| tick.label.as_str()).collect();
    assert_eq!(labels, ["0", "1,000", "2,000", "3,000", "4,000"]);
    let column = &chart.columns[0];
    let (included, left_out) =
        (column.included.as_ref().expect("in"), column.left_out.as_ref().expect("out"));
    assert_eq!(included.y, chart.ticks[1].y);
    assert_eq!(left_out.y, chart.ticks[4].y);
    assert_eq!(pixels(&included.height) + pixels(&left_out.height), f64::from(PLOT));
}

#[test]
fn a_long_time_is_drawn_by_year() {
    let mut counts = by_month(&[("2020-01", 5, 5), ("2020-02", 5, 0), ("2025-12", 1, 1)]);
    assert_eq!(Columns::new(&counts).expect("a chart").columns.len(), 72);
    counts.extend(by_month(&[("2026-01", 1, 0)]));
    let chart = Columns::new(&counts).expect("a chart");
    assert_eq!((chart.unit, chart.columns.len()), ("year", 7));
    assert_eq!(chart.columns[0].tip, "2020: 10 parts, 5 in the dataset, 5 left out");
    counts.extend(by_month(&[("1900-01", 1, 0)]));
    assert_eq!(Columns::new(&counts), None);
}

#[test]
fn nothing_is_drawn_of_nothing() {
    assert_eq!(Columns::new(&BTreeMap::new()), None);
    assert_eq!(Columns::new(&by_month(&[("2026-01", 0, 0)])), None);
    assert_eq!(Columns::new(&by_month(&[("soon", 1, 0)])), None);
    assert_eq!(Columns::new(&by_month(&[("-9223372036854775808-01", 1, 0), ("9-01", 1, 0)])), None);
}

#[test]
fn round_numbers_are_short() {
    for (number, text) in [
        (0, "0"),
        (9_000, "9,000"),
        (15_000, "15 k"),
        (1_500_000, "1.5 M"),
        (2_000_000_000, "2 bn"),
        (5_000_000_000_000_000_000, "5,000,000 tn"),
    ] {
        assert_eq!(short(number), text);
    }
}

proptest! {
    #[test]
    fn columns_stay_inside_the_drawing(
        entries in prop::collection::btree_map(
            (2020i64..2032, 1u8..13).prop_map(|(year, month)| format!("{year}-{month:02}")),
            (any::<u64>(), any::<u64>()),
            1..40,
        )
    ) {
        let counts: BTreeMap<String, InOut> = entries
            .into_iter()
            .map(|(month, (parts, included))| {
                (month, InOut { parts, included: if parts == 0 { 0 } else { included % parts } })
            })
            .collect();
        let Some(chart) = Columns::new(&counts) else {
            prop_assert!(counts.values().all(|count| count.parts == 0));
            return Ok(());
        };
        prop_assert!((2..=5).contains(&chart.ticks.len()));
        for column in &chart.columns {
            let x: f64 = pixels(&column.x);
            prop_assert!(x >= 0.0 && x + pixels(&chart.width) <= 100.0);
            for block in [&column.included, &column.left_out].into_iter().flatten() {
                let (y, height) = (pixels(&block.y), pixels(&block.height));
                prop_assert!(height >= 1.0 && y >= f64::from(TOP) - 1.0);
                prop_assert!(y + height <= f64::from(TOP + PLOT) + 0.1);
            }
        }
    }
}
