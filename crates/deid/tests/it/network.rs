//! Addresses of machines, and credentials in URLs.

use crate::marked::{check, check_clean};
use consentry_deid::FindingKind::{Ip, Mac, UrlCredentials};

#[test]
fn ip_addresses() {
    check(
        Ip,
        &[
            "«86.231.85.193», «10.0.0.17», «192.168.1.100»",
            "http://«86.231.85.193»:8080/x and «86.231.85.193»/24",
            "ping «8.8.8.8» from «203.0.113.9».",
            "«2a00:1450:4001:82a::200e» and [«2001:db8::17»]:443",
            "«fe80::1ff:fe23:4567:890a»%eth0",
            "«d80:e4b5:79da:6cf6:71f3:51f7:9161:c319»",
            "at «2001:db8::17»: refused. At «2001:db8::17».",
            r#"{"ip":"\n«86.231.85.193»","v6":"\n«2001:db8::17»"}"#,
            "«10.0.0.17»-«10.0.0.19»",
        ],
    );
}

#[test]
fn what_is_no_ip_address() {
    check_clean(&[
        "127.0.0.1 0.0.0.0 255.255.255.0 ::1 ::",
        "v10.20.30.40, version 10.20.30.40, package==10.20.30.40, ~10.20.30.40",
        "Agent/10.20.30.40 library-10.20.30.40.jar 10.20.30.40-rc1",
        "see 1.2.3.4 and 1.2.3.4.5",
        "10.20.30.40.50 and 256.1.1.1 and 10.20.30",
        "std::vec a::b::c dead::beef face::add x::fe80::1x",
        "12:34:56 and 1:2:3",
        "sha: ab:cd:ef:01:23:45:67:89:ab:cd:ef:01:23:45:67:89",
    ]);
}

#[test]
fn hardware_addresses() {
    check(Mac, &["«00:1a:2b:3c:4d:5e» «00-1A-2B-3C-4D-5E»", r#"{"mac":"\n«00:1a:2b:3c:4d:5e»"}"#]);
    check(
        Mac,
        &["interface «001a.2b3c.4d5e», «001A.2B3C.4D5E».", r#"{"mac":"\n«001a.2b3c.4d5e»"}"#],
    );
    check_clean(&[
        "0000.0000.0000 ffff.ffff.ffff 2024.1201.1234 dead.beef.cafe",
        "[*031a.0020.0002]",
        "001a.2b3c.4d5e.6f70 x001a.2b3c.4d5e 001a.2b3c.4d5ef 001a.2b3c a.001a.2b3c.4d5e",
        "00:00:00:00:00:00 ff:ff:ff:ff:ff:ff",
        "00:1a:2b:3c:4d:5e:6f 00:1a:2b-3c:4d:5e x00:1a:2b:3c:4d:5e",
        "00:1a:2b:3c:4d",
    ]);
}

#[test]
fn credentials_in_urls() {
    check(
        UrlCredentials,
        &[
            "postgres://«app:s3cret»@db.internal:5432/x",
            "redis://«:s3cret»@cache",
            "https://«grace:p%40ss»@corp.io/x?y=z",
            "https://«grace:p@ss»@corp.io",
            r#"{"url":"amqp://«guest:guest»@[::1]:5672"}"#,
        ],
    );
    check_clean(&[
        "https://corp.io:8080/a@b",
        "https://corp.io/x?mail=a@b",
        "postgres://app:${DB_PASSWORD}@db, postgres://app:{password}@db, x://a:$P@b, x://a:***@b",
        "postgres://your_username:your_password@localhost",
        "https://token@corp",
        "://a:b@c",
    ]);
}
