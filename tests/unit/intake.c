/* The table of answers: which requests are let in, and what the others are told. */
#include "intake.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

struct head_row {
    const char *name;
    const char *only_path; /* --path */
    struct intake_head head;
    unsigned status;
    bool close;
    const char *reason; /* a part of it */
};

#define POST .method = "POST", .path = "/hooks", LOCAL
/* What a program of this machine sends. */
#define LOCAL .host = "127.0.0.1:8484", .content_type = "application/json"
enum { NOW_S = 1716544084 };

static const struct head_row head_rows[] = {
    {"length", NULL, {POST, .content_length = "12"}, 200, false, ""},
    {"no bytes", NULL, {POST, .content_length = "0"}, 200, false, ""},
    {"chunked", NULL, {POST, .transfer_encoding = "Chunked"}, 200, false, ""},
    {"the right path", "/hooks", {POST, .content_length = "12"}, 200, false, ""},
    {"4 MiB", NULL, {POST, .content_length = "4194304"}, 200, false, ""},
    {"one byte more", NULL, {POST, .content_length = "4194305"}, 413, true, "larger than 4 MiB"},
    {"200 MB", NULL, {POST, .content_length = "200000000"}, 413, true, "larger"},
    {"beyond 64 bits", NULL, {POST, .content_length = "18446744073709551628"}, 413, true, "larger"},
    {"neither", NULL, {POST}, 411, true, "neither"},
    {"both",
     NULL,
     {POST, .content_length = "1", .transfer_encoding = "chunked"},
     400,
     true,
     "both"},
    {"two lengths", NULL, {POST, .content_length = "1, 2"}, 400, true, "more than one"},
    {"no number", NULL, {POST, .content_length = "abc"}, 400, true, "not a number"},
    {"empty length", NULL, {POST, .content_length = ""}, 400, true, "not a number"},
    {"negative", NULL, {POST, .content_length = "-1"}, 400, true, "not a number"},
    {"plus", NULL, {POST, .content_length = "+1"}, 400, true, "not a number"},
    {"hexadecimal", NULL, {POST, .content_length = "0x10"}, 400, true, "not a number"},
    {"gzip", NULL, {POST, .transfer_encoding = "gzip, chunked"}, 400, true, "Transfer-Encoding"},
    {"chunked twice", NULL, {POST, .transfer_encoding = "chunked, chunked"}, 400, true, "Transfer"},
    {"another path", "/hook", {POST, .content_length = "12"}, 404, true, "--path"},
    {"longer path", "/hook", {POST, .content_length = "0"}, 404, false, "--path"},
    {"GET", NULL, {.method = "GET", .path = "/"}, 405, false, "POST"},
    {"HEAD", NULL, {.method = "HEAD", .path = "/"}, 405, false, "POST"},
    {"lower-case post", NULL, {.method = "post", .path = "/"}, 405, false, "POST"},
    {"PUT with a body", NULL, {.method = "PUT", .path = "/", .content_length = "3"}, 405, true, ""},
    {"GET elsewhere", "/hook", {.method = "GET", .path = "/"}, 405, false, "POST"},
    {"CONNECT", "/hook", {.method = "CONNECT", .path = "host:443"}, 405, false, "POST"},
    {"OPTIONS *", "/hook", {.method = "OPTIONS", .path = "*"}, 405, false, "POST"},
    {"unknown expectation",
     NULL,
     {POST, .content_length = "1", .expect = "x"},
     417,
     true,
     "Expect"},
};

Test(intake, heads)
{
    for (size_t i = 0; i < sizeof head_rows / sizeof *head_rows; i++) {
        const struct head_row *row = &head_rows[i];
        struct intake_rules rules = {.path = row->only_path};
        struct verdict verdict = intake_head(&rules, &row->head, NOW_S * INT64_C(1000));
        cr_expect_eq(verdict.status, row->status, "%s: %u", row->name, verdict.status);
        cr_expect_eq(verdict.close, row->close, "%s: close", row->name);
        cr_expect(strstr(verdict.reason, row->reason), "%s: %s", row->name, verdict.reason);
        cr_expect_eq(verdict.reason[0] == '\0', row->status == 200, "%s: a reason", row->name);
        cr_expect_not(verdict.health, "%s", row->name);
    }
}

#define HEX64 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define SIGNED(seconds)                                                                            \
    .timestamp = seconds, .signature = "t=" seconds ",v1=" HEX64, .content_length = "12"
#define TEXT "text/plain;charset=UTF-8"

/* Who is not believed is told so before the body: by the form and age of the signature, and where
 * there is no secret, by what a web page cannot hide. */
static const struct {
    const char *name;
    enum { SECRET_SET, NO_SECRET, INSECURE } endpoint;
    struct intake_head head;
    unsigned status;
    bool close;
    const char *reason;
} senders[] = {
    {"signed", SECRET_SET, {POST, SIGNED("1716544084")}, 200, false, ""},
    {"at the edge", SECRET_SET, {POST, SIGNED("1716543964")}, 200, false, ""},
    {"stale", SECRET_SET, {POST, SIGNED("1716543963")}, 401, false, "121 s in the past"},
    {"early", SECRET_SET, {POST, SIGNED("1716544205")}, 401, false, "121 s in the future"},
    {"unsigned", SECRET_SET, {POST, .content_length = "12"}, 401, false, "no Anchor-Signature"},
    {"unsigned, long", SECRET_SET, {POST, .content_length = "65537"}, 401, true, "no Anchor-Sig"},
    {"unsigned, skipped", SECRET_SET, {POST, .content_length = "65536"}, 401, false, "no Anchor"},
    {"unsigned chunks", SECRET_SET, {POST, .transfer_encoding = "chunked"}, 401, true, "no Anchor"},
    {"unsigned, and asks first",
     SECRET_SET,
     {POST, .content_length = "12", .expect = "100-continue"},
     401,
     true,
     "no Anchor-Signature"},
    {"malformed",
     SECRET_SET,
     {POST, .content_length = "12", .timestamp = "1", .signature = "t=1"},
     401,
     false,
     "no v1="},
    {"unsigned and too long", SECRET_SET, {POST, .content_length = "4194305"}, 413, true, "larger"},
    {"unsigned without a length", SECRET_SET, {POST}, 411, true, "neither"},
    {"signed, from a page",
     SECRET_SET,
     {POST, SIGNED("1716544084"), .origin = "null"},
     200,
     false,
     ""},

    {"a program here", NO_SECRET, {POST, .content_length = "2"}, 200, false, ""},
    {"HTTP/1.0",
     NO_SECRET,
     {.method = "POST", .path = "/", .content_type = "application/json", .content_length = "2"},
     200,
     false,
     ""},
    {"JSON of a kind",
     NO_SECRET,
     {.method = "POST",
      .path = "/",
      .host = "localhost:1",
      .content_type = "Application/CloudEvents+JSON; charset=utf-8",
      .content_length = "2"},
     200,
     false,
     ""},
    {"a page",
     NO_SECRET,
     {POST, .content_length = "2", .origin = "https://evil.test"},
     403,
     false,
     "a web page sent this (Origin)"},
    {"a page without an origin",
     NO_SECRET,
     {POST, .content_length = "2", .origin = "null"},
     403,
     false,
     "Origin"},
    {"a page elsewhere",
     NO_SECRET,
     {POST, .content_length = "2", .fetch_site = "cross-site"},
     403,
     false,
     "Sec-Fetch-Site"},
    {"a page of another port",
     NO_SECRET,
     {POST, .content_length = "2", .fetch_site = "same-site"},
     403,
     false,
     "Sec-Fetch-Site"},
    {"typed by hand",
     NO_SECRET,
     {POST, .content_length = "2", .fetch_site = "none"},
     200,
     false,
     ""},
    {"a tunnel",
     NO_SECRET,
     {.method = "POST",
      .path = "/",
      .host = "words.trycloudflare.com",
      .content_type = "application/json",
      .content_length = "2"},
     403,
     false,
     "Host is words.trycloudflare.com, not this machine"},
    {"a form",
     NO_SECRET,
     {.method = "POST",
      .path = "/",
      .host = "127.0.0.1",
      .content_type = TEXT,
      .content_length = "2"},
     415,
     false,
     "application/json"},
    {"no type",
     NO_SECRET,
     {.method = "POST", .path = "/", .host = "127.0.0.1", .content_length = "2"},
     415,
     false,
     "application/json"},
    {"nearly JSON",
     NO_SECRET,
     {.method = "POST",
      .path = "/",
      .host = "127.0.0.1",
      .content_type = "text/x+json",
      .content_length = "2"},
     415,
     false,
     "application/json"},

    {"anybody",
     INSECURE,
     {.method = "POST",
      .path = "/",
      .host = "words.trycloudflare.com",
      .origin = "https://evil.test",
      .content_type = TEXT,
      .content_length = "2"},
     200,
     false,
     ""},
};

Test(intake, senders_are_judged_before_the_body)
{
    struct secrets *secrets = secrets_new();
    cr_assert(secrets_add(secrets, "whsec", 5));
    for (size_t i = 0; i < sizeof senders / sizeof *senders; i++) {
        struct intake_rules rules = {.secrets = senders[i].endpoint == SECRET_SET ? secrets : NULL,
                                     .insecure = senders[i].endpoint == INSECURE};
        struct verdict verdict = intake_head(&rules, &senders[i].head, NOW_S * INT64_C(1000));
        cr_expect_eq(verdict.status, senders[i].status, "%s: %u %s", senders[i].name,
                     verdict.status, verdict.reason);
        cr_expect_eq(verdict.close, senders[i].close, "%s: close", senders[i].name);
        cr_expect(strstr(verdict.reason, senders[i].reason), "%s: %s", senders[i].name,
                  verdict.reason);
        cr_expect(strlen(verdict.reason) < INTAKE_REASON_SIZE - 1, "%s is cut", verdict.reason);
        cr_expect_not(verdict.status != 200 && verdict.send_continue, "%s", senders[i].name);
    }
    secrets_free(secrets);
}

Test(intake, framing_and_continue)
{
    struct intake_rules rules = {0};
    struct verdict verdict = intake_head(
        &rules, &(struct intake_head){POST, .content_length = "12", .expect = "100-Continue"}, 0);
    cr_expect_eq(verdict.framing, INTAKE_LENGTH);
    cr_expect_eq(verdict.content_length, 12);
    cr_expect(verdict.send_continue);

    verdict = intake_head(
        &rules, &(struct intake_head){POST, .content_length = "0", .expect = "100-continue"}, 0);
    cr_expect_not(verdict.send_continue, "there is nothing to go on with");

    verdict = intake_head(&rules, &(struct intake_head){POST, .transfer_encoding = "chunked"}, 0);
    cr_expect_eq(verdict.framing, INTAKE_CHUNKED);
    cr_expect_not(verdict.send_continue);
}

Test(intake, health_checks)
{
    static const struct {
        const char *method, *path;
        bool health;
    } rows[] = {
        {"GET", "/healthz", true},   {"HEAD", "/healthz", true}, {"POST", "/healthz", false},
        {"GET", "/healthz/", false}, {"GET", "/", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct intake_rules rules = {.path = "/hooks"};
        struct intake_head head = {.method = rows[i].method, .path = rows[i].path};
        struct verdict verdict = intake_head(&rules, &head, NOW_S * INT64_C(1000));
        cr_expect_eq(verdict.health, rows[i].health, "%s %s", rows[i].method, rows[i].path);
        if (rows[i].health)
            cr_expect_eq(verdict.status, 200);
    }
}

#define SECRET "whsec"
#define GOOD   "{\"id\":\"evt_1\",\"type\":\"task.completed\",\"data\":{}}"

static const struct {
    const char *name, *body;
    bool secret; /* the endpoint has one */
    bool sign;   /* the sender has it too */
    int64_t age; /* of the timestamp, seconds */
    unsigned status;
    const char *reason;
} bodies[] = {
    {"good", GOOD, true, true, 0, 200, ""},
    {"unknown type", "{\"id\":\"e\",\"type\":\"export.done\"}", true, true, 0, 200, ""},
    {"without a secret", GOOD, false, false, 0, 200, ""},
    {"unsigned", GOOD, true, false, 0, 401, "no Anchor-Signature"},
    {"late", GOOD, true, true, 300, 401, "300 s in the past"},
    {"early", GOOD, true, true, -300, 401, "300 s in the future"},
    {"not JSON", "hello", true, true, 0, 400, ""},
    {"nothing", "", true, true, 0, 400, ""},
    {"an array", "[]", true, true, 0, 400, ""},
    {"no id", "{\"type\":\"task.completed\"}", true, true, 0, 400, "id"},
    {"unsigned nonsense", "hello", true, false, 0, 401, "no Anchor-Signature"},
    {"not UTF-8", "{\"id\":\"e\xff\",\"type\":\"a.b\"}", true, true, 0, 400, "byte 9 is not UTF-8"},
    {"half a character", "{\"id\":\"e\",\"type\":\"a.b\xe2\x82\"}", true, true, 0, 400, "UTF-8"},
    {"too long a form", "{\"id\":\"e\",\"type\":\"a.b\",\"x\":\"\xc0\xaf\"}", true, true, 0, 400,
     "UTF-8"},
    {"a surrogate in bytes", "{\"id\":\"\xed\xa0\x80\",\"type\":\"a.b\"}", true, true, 0, 400,
     "UTF-8"},
    {"half a pair in the id", "{\"id\":\"e\\ud800\",\"type\":\"a.b\"}", true, true, 0, 400,
     "surrogate"},
    {"a zero in the id", "{\"id\":\"e\\u0000\",\"type\":\"a.b\"}", true, true, 0, 400, "zero"},
    {"half a pair elsewhere", "{\"id\":\"e\",\"type\":\"a.b\",\"text\":\"\\ud800\"}", true, true, 0,
     200, ""},
    {"letters of every length",
     "{\"id\":\"e\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\",\"type\":\"a.b\"}", true, true, 0, 200, ""},
};

Test(intake, bodies)
{
    const int64_t now = 1716544084;
    struct secrets *secrets = secrets_new();
    struct signer *signer = signer_new();
    cr_assert(secrets_add(secrets, SECRET, strlen(SECRET)));
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        char hex[SIGNATURE_HEX_SIZE], timestamp[32], signature[128];
        size_t length = strlen(bodies[i].body);
        int64_t then = now - bodies[i].age;
        cr_assert(signature_make(signer, secrets, then, bodies[i].body, length, hex));
        snprintf(timestamp, sizeof timestamp, "%lld", (long long)then);
        snprintf(signature, sizeof signature, "t=%s,v1=%s", timestamp, hex);

        struct intake_rules rules = {.secrets = bodies[i].secret ? secrets : NULL};
        struct intake_head head = {.signature = bodies[i].sign ? signature : NULL,
                                   .timestamp = timestamp};
        struct event event;
        bool verified = !bodies[i].secret;
        struct verdict verdict = intake_body(&rules, signer, &head, bodies[i].body, length,
                                             now * 1000, &event, &verified);
        cr_expect_eq(verdict.status, bodies[i].status, "%s: %u %s", bodies[i].name, verdict.status,
                     verdict.reason);
        cr_expect(strstr(verdict.reason, bodies[i].reason), "%s: %s", bodies[i].name,
                  verdict.reason);
        cr_expect_not(verdict.close, "%s", bodies[i].name);
        if (verdict.status != 200)
            continue;
        cr_expect_eq(verified, bodies[i].secret, "%s", bodies[i].name);
        event_free(&event);
    }
    signer_free(signer);
    secrets_free(secrets);
}
