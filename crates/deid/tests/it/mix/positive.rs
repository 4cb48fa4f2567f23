//! Lines that hold a secret, which `«` and `»` enclose.

type Group = (&'static str, &'static [&'static str]);

pub const GROUPS: &[Group] = &[
    ("bearer", BEARER),
    ("basic", BASIC),
    ("url", URL),
    ("password", PASSWORD),
    ("secret", SECRET),
    ("token", TOKEN),
    ("key", KEY),
    ("salt", SALT),
    ("prefix", PREFIX),
    ("connection", CONNECTION),
];

const BEARER: &[&str] = &[
    "Authorization: Bearer «q7Zr2Kx9¦WmB4tYc8LpV3nHd6»",
    "authorization: bearer «9f8e7d6c¦5b4a3f2e1d0c9b8a7f6e5d4c»",
    "curl -H 'Authorization: Bearer «q7Zr2Kx9¦WmB4tYc8LpV3»' https://api.acme.dev/v1/me",
    "  \"Authorization\": \"Bearer «a1B2c3D4¦e5F6g7H8i9J0k1L2»\",",
    "headers = {'Authorization': 'Bearer «tok7Zr2K¦x9WmB4tYc8»'}",
    "AUTH_HEADER=Bearer%20«q7Zr2Kx9¦WmB4tYc8LpV3nHd6»",
    "Authorization\tBearer\t«q7Zr2Kx9¦WmB4tYc8LpV3nHd6»",
    "  - name: Authorization\n    value: Bearer «q7Zr2Kx9¦WmB4tYc8-_LpV3nHd6==»",
    "req.Header.Set(\"Authorization\", \"Bearer «0123kfjd¦93jfkd02jfkd93jf»\")",
];

const BASIC: &[&str] = &[
    "Authorization: Basic «YWRtaW46¦aHVudGVyMg==»",
    "authorization: basic «Z3JhY2U6¦c2VzYW1lLW9wZW4=»",
    "curl -H \"Authorization: Basic «dXNlcjpw¦YXNzd29yZA==»\" https://registry.acme.dev",
    "\"headers\": {\"Authorization\": \"Basic «Z3JhY2U6¦c2VzYW1lLW9wZW4=»\"}",
    "Authorization:Basic%20«YWRtaW46¦aHVudGVyMg»",
    "request.setHeader('Authorization', 'Basic «YXBwOnM¦zY3IzdA==»')",
];

const URL: &[&str] = &[
    "DATABASE_URL=postgres://«app:s3¦cr3tdb»@db.acme.dev:5432/app",
    "redis://«:kX93mfpQ»@cache.acme.dev:6379/0",
    "mongodb+srv://«svc:Qwm3¦Zx91»@cluster0.acme.dev/app?retryWrites=true",
    "amqp://«guest:gu3¦stpw»@mq.acme.dev//",
    "git clone https://«deploy:7hGq¦2LmX»@git.acme.dev/team/app.git",
    "proxy = \"http://«wile:c0y¦ote»@proxy.acme.dev:3128\"",
    "ftp://«anonymous:grace@corp.io»@ftp.acme.dev/pub",
    "mysql+pymysql://«root:toor99»@localhost/test",
    "jdbc:postgresql://«app:kfjd93kf»@db/app",
    "ldap://«cn=admin:kfjd93kf»@ldap.acme.dev",
    "curl -u «grace:sesame¦99» https://acme.dev/api",
    "curl -s --user '«grace:open sesame»' https://acme.dev/api",
];

const PASSWORD: &[&str] = &[
    "password = \"«hunter2»\"",
    "DB_PASSWORD=«kd93mfKq»",
    "  password: «Tr0ub4dor&3»",
    "\"password\": \"«qwertz12»\",",
    "const password = '«kdjfwq»';",
    "String pwd = \"«m8Kq2x»\";",
    "self.passwd = \"«opensesame»\"",
    "<password>«n0tSoSafe»</password>",
    "<add key=\"smtp\" password=\"«n0tSoSafe»\" />",
    "spring.datasource.password=«kqwmzxj»",
    "user.setPassword(\"«blue42fish»\");",
    "mysqldump --password=«kd93mfKq» app",
    "deploy --user grace --password «kd93mfKq»",
    "ALTER USER app IDENTIFIED BY '«kd93mf»';",
    "password: str = \"«kd93mfKq»\"",
    "PGPASSWORD=«kd93mfKq» psql -h db",
    "{\\\"user\\\":\\\"grace\\\",\\\"password\\\":\\\"«kd93mfKq»\\\"}",
    "login(user=\"grace\", password=\"«mxqzkw»\")",
    "<add key=\"DbPassword\" value=\"«n0tSoSafe»\" />",
    "- name: DB_PASSWORD\n  value: \"«kqwmzxj»\"",
    "CREATE USER app WITH PASSWORD '«kd93mf»';",
    "password = «kqwmzxj»",
    "$pw = ConvertTo-SecureString -String \"«n0tSoSafe»\" -AsPlainText",
    "passphrase := \"«kq!!zmx#w»\"",
    "'password' => '«kq9zmxw»',",
    "export ADMIN_PASS=«kqzmxwpf»",
    "INFO connecting as grace with password=«kq9zmxwX»",
    "root_password: \"«1234567»\"",
    ":password => \"«zxkqvm»\"",
    "env.put(\"password\", \"«mq83kdl»\");",
    "ENV MYSQL_ROOT_PASSWORD «kd93mfKq»",
];

const SECRET: &[&str] = &[
    "client_secret = \"«x83kdl¦20dkf93kdlq»\"",
    "\"clientSecret\": \"«9dk20d¦ldk39dkfl20dk3»\",",
    "SECRET_KEY = '«k3$9d!kf¦0s8&2lq_d9fk2j#s»'",
    "GITHUB_ENTERPRISE_ORG_SECRET=«hfbpoz¦fhvuwgtfosmo2imqskc73w04jf»",
    "consumer_secret: «Kd93mfKq¦x83kdl20dkf93kdlq»",
    "secret_key_base: «c0ffee83¦9d02fa8be1450a7d6639f01b2c»",
    "app.secret = \"«7d6639f0¦1b2cc0ffee839d02fa8be145»\"",
    "session({ secret: '«kqwmzxjvb»' })",
    "jwt.secret=«mXq93kdl¦ZpQ02mfkW»",
];

const TOKEN: &[&str] = &[
    "const accessToken = \"«20dkf93k¦dlqx83kdl20dk»\";",
    "AUTH_TOKEN=«20dkf93k¦dlqx83kdl20dk»",
    "token: \"«a8f3k29d»\"",
    "\"refresh_token\": \"«1//0gdk3¦9fkdl20dkfl39dkfl20d»\"",
    "slack_token: «T83kd93m¦f0qkdl39fk»",
    "X-Auth-Token: «20dkf93k¦dlqx83kdl20dk»",
    "npm config set //registry.acme.dev/:_authToken=«20dkf93k¦dlqx83kdl20dk»",
    "Authorization: Token «20dkf93k¦dlqx83kdl20dk»",
    "'Authorization': 'ApiKey «20dkf93k¦dlqx83kdl20dk»',",
    "deploy --token «20dkf93k¦dlqx83kdl20dk» --yes",
];

const KEY: &[&str] = &[
    "API_KEY=«d41d8cd9¦8f00b204e9800998ecf8427f»",
    "const API_KEY = '«AkD93mfK¦qZx02mfLq8»';",
    "apiKey: \"«7c9e6679¦-7425-40de-944b-e07fc1f90ae7»\",",
    "encryption_key: «9f86d081¦884c7d659a2feaa0c55ad015»",
    "datadog_api_key: «9f86d081¦884c7d659a2feaa0c55ad015»",
    "x-api-key: «kD93mfKq¦Zx02mfLq8sW1»",
    "withApiKey(\"«kD93mfKq¦Zx02mfLq8sW1»\")",
    "aws_secret_access_key = «q7Zr2Kx9¦WmB4tYc8LpV3nHd6GsF1jXa5RkE0uTbN»",
    "<apiKey>«kD93mfKq¦Zx02mfLq8sW1»</apiKey>",
    "private_key: \"«9f86d081¦884c7d659a2feaa0c55ad015a3bf4f1b»\"",
];

const SALT: &[&str] = &[
    "salt = \"«9f86d081¦884c7d659a2f»\"",
    "\"nonce\": \"«dGhlIHNh¦bXBsZSBub25jZQ93»\"",
    "PASSWORD_SALT='«kD93mfKq¦Zx02mfLq»'",
    "seed: «9f86d081¦884c7d659a2feaa0c55ad015»",
];

const PREFIX: &[&str] = &[
    "aws_access_key_id = «AK¦IAQ7ZR2KX9WMB4TYC8»",
    "GITHUB_TOKEN=«gh¦p_q7Zr2Kx9WmB4tYc8LpV3nHd6GsF1jXa5RkE0»",
    "stripe.api_key = \"«sk_¦live_q7Zr2Kx9WmB4tYc8LpV3nHd6»\"",
    "maps?key=«AI¦zaq7Zr2Kx9WmB4tYc8LpV3nHd6GsF1jXa5RkE»&v=3",
    "//registry.npmjs.org/:_authToken=«np¦m_q7Zr2Kx9WmB4tYc8LpV3nHd6GsF1jXa5RkE0»",
    "SENDGRID=«S¦G.q7Zr2Kx9WmB4tYc8LpV3nH.d6GsF1jXa5RkE0uTbNwQyCzMvPiAoDhSgJfUeLxKr3Z»",
    "VAULT_TOKEN=«hv¦s.q7Zr2Kx9WmB4tYc8LpV3nHd6»",
];

const CONNECTION: &[&str] = &[
    "Server=db;Database=app;User Id=sa;Password=«kd93mf»;",
    "Driver={ODBC Driver 17};Server=db;Uid=sa;Pwd=«kd93mf»;",
    "jdbc:sqlserver://db:1433;databaseName=app;user=sa;password=«kd93mf»;encrypt=true",
    "jdbc:mysql://db/app?user=root&password=«kd93mf»",
    "jdbc:mysql://db/app?password=«kd93mfKq»&useSSL=true",
    "host=db port=5432 dbname=app user=app password=«kd93mfKq» sslmode=require",
];
