//! Passwords that stand in their place among others: in entries of files, in what is piped into a
//! command, in what a program compares and falls back on.

use crate::marked::{check, check_clean};
use consentry_deid::FindingKind::{Secret, UrlCredentials};

#[test]
fn piped_into_commands() {
    check(
        Secret,
        &[
            "echo '«blue42fish»' | sudo -S apt install x",
            "echo «blue42fish» | sudo -kS id",
            "echo -n \"«blue42fish»\" | sudo --stdin id",
            "printf '%s\\n' «blue42fish» | sudo -S id",
            "echo \"grace:«blue42fish»\" | chpasswd",
            "echo grace:«blue42fish»|sudo chpasswd -e",
            "chpasswd <<< \"grace:«blue42fish»\"",
            "htpasswd -b /etc/x grace «blue42fish»",
            "htpasswd -c -B -b .htpasswd grace '«blue42fish»'",
            "htpasswd -nb grace «blue42fish» > x",
            "htpasswd -C 10 -nbB grace «blue42fish»",
        ],
    );
    check_clean(&[
        "echo \"$PASSWORD\" | sudo -S id",
        "echo blue42fish | sudo tee /etc/x; sudo -i; sudo -u grace ls -S",
        "echo <password> | sudo -S id && sudo -S blue42fish",
        "cat users42.txt | chpasswd; chpasswd < users42.txt",
        "echo \"$USER:$PASS\" | chpasswd",
        "htpasswd -c .htpasswd blue42fish",
        "htpasswd -b FILE USER $PASSWORD",
        "htpasswd -D .htpasswd blue42fish and more1",
    ]);
}

#[test]
fn commands_in_quotes_end_with_them() {
    let commands = [
        "mysql -p«Tuesday9x»",
        "mysqldump -u root -p«Tuesday9x»",
        "docker login -u a -p «Tuesday9x»",
        "sshpass -p «Tuesday9x»",
        "redis-cli -a «Tuesday9x»",
        "az login -p «Tuesday9x»",
        "mongosh -p «Tuesday9x»",
        "htpasswd -b f u «Tuesday9x»",
        "machine db login u password «Tuesday9x»",
    ];
    for command in commands {
        check(
            Secret,
            &[
                &format!("{{\"cmd\":\"{command}\",\"a\":1}}"),
                &format!("{{\"cmd\": \"{command}\", \"a\": \"b\"}}"),
                &format!("{{\"o\":\"{{\\\"cmd\\\":\\\"{command}\\\",\\\"a\\\":1}}\"}}"),
                &format!("[\"sh\",\"-c\",\"{command}\"]"),
                &format!("run('{command}')"),
                &format!("say \"{command}\", then"),
                &format!("{{\"cmd\":\"{command}\\nls\"}}"),
            ],
        );
    }
}

#[test]
fn lines_of_a_file_of_passwords() {
    check(
        Secret,
        &[
            "db.acme.dev:5432:shop:grace:«blue42fish»\n",
            "localhost:*:*:grace:«blue42fish»",
            "# mine\n*:*:*:grace:«blue42fish»\r\n",
            "echo 'db.acme.dev:5432:shop:grace:«blue42fish»' > ~/.pgpass",
        ],
    );
    check_clean(&[
        "db.acme.dev:5432:shop:grace:$PASSWORD\nhostname:port:database:username:password",
        "main.py:12:5:E501:line2long\nat 12:30:45:ab:cd12",
        "2001:0:db8:ab:cd12 arn:1:a:b:c1d2e3f4",
        "image: registry.acme.dev:5000/app:v1.2.3",
        "0:1:2:3:blue42fish",
        "app.py:1234:self:value:x2y9fish",
        "nginx:8080:default:upstream:req42fish",
    ]);
}

#[test]
fn connections_of_drivers() {
    check(
        UrlCredentials,
        &[
            "dsn := \"«grace:blue42fish»@tcp(127.x:3306)/shop\"",
            "MYSQL_DSN=«grace:blue42fish»@tcp(db)/shop?parseTime=true",
            "open(`«grace:blue42fish»@unix(/tmp/mysql.sock)/shop`)",
        ],
    );
    check_clean(&[
        "user:password@tcp(localhost:5555)/dbname",
        "${USER}:${PASSWORD}@tcp(localhost)/db and %s:%s@tcp(%s)/%s",
        "grace@tcp(localhost)/db",
    ]);
}

#[test]
fn compared_and_fallen_back_on() {
    check(
        Secret,
        &[
            "if password == \"«blue42fish»\":",
            "if (user.password === '«blue42fish»') {",
            "if secret != \"«q7Zr2Kx9WmB4tYc8»\" {",
            "assert_eq!(token == \"«q7Zr2Kx9WmB4tYc8»\", true);",
            "const p = process.env.DB_PASSWORD || \"«blue42fish»\";",
            "p = os.getenv(\"DB_PASSWORD\", \"«blue42fish»\")",
            "p = os.environ.get(\"DB_PASSWORD\", \"«blue42fish»\")",
            "p = os.environ.get('DB_PASSWORD') or '«blue42fish»'",
            "let p = env::var(\"DB_PASSWORD\").unwrap_or(\"«blue42fish»\".into());",
            "let p = env::var(\"DB_PASSWORD\").unwrap_or_else(|_| \"«blue42fish»\".to_owned());",
            "p = config(\"DB_PASSWORD\", default=\"«blue42fish»\")",
            "PASSWORD=${DB_PASSWORD:-«blue42fish»}",
            "password: ${DB_PASSWORD:«blue42fish»}",
        ],
    );
    check_clean(&[
        "if password == \"password\" or password == '' or password == \"secret\":",
        "if token == \"identifier_2\" and kind === 'password2x':",
        "if (key === \"ArrowLeft\" || pass == \"second\") {}",
        "p = os.environ.get(\"DB_PASSWORD\", \"changeme\")",
        "p = os.environ.get('DB_PASSWORD') or 'password'",
        "if password or \"blue42fish\" in names",
        "p = os.getenv(\"DB_HOST\", \"blue42fish\")",
        "PASSWORD=${DB_PASSWORD:-}",
        "PASSWORD=${DB_PASSWORD:?missing1}",
    ]);
}
