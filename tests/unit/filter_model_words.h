/*
 * What random events hold and random expressions ask for: few enough words that they often meet.
 */
#ifndef ANCHORTOP_TESTS_FILTER_MODEL_WORDS_H
#define ANCHORTOP_TESTS_FILTER_MODEL_WORDS_H

/* clang-format off */
static const char *const words[] = {
    "captcha", "CAPTCHA", "Solve the captcha", "selector did not match", "timeout", "ok",
    "green, light", "green", "a", "A", "b", "x", "é", "É", "café", "CAFÉ", "straße", "STRAẞE",
    "ß", "ss", "K", "k", "ſ", "s", "S", "Σίσυφος", "ΣΊΣΥΦΟΣ", "σς", "ǅ", "ǆ", "Ω", "ω", "Å", "å",
    "Жук", "жУК", "İ", "i", "ı", "ᏸ", "ᏰꭰᎠ", "𐐀𐐨", "ᾈᾀ", "µ", "μ", "Ａａ", "Ⅷⅷ", "Ⓐⓐ",
    "says \"hi\"", "back\\slash", "a/b", "/re/", "/a/i", "/", "//", "///", "//i", "/x/I", "/i",
    "a*b", "*", "(", ")", "a(b)", "and", "or", "not", "-x", "!x", "-", "yes", "no", "true",
    "false", "null", "TRUE", "tab\tline\nend", "\x01\x1f", "␀", "�", "😀", "", " ", "a b", " a",
    "usd", "USD", "eur", "ses_8d2c1fda", "ses_8d", "tsk_4f8w9n2b", "TSK_4F8W9N2B", "exr_1",
    "req_1", "bat_1", "idn_1", "app_acme", "example.com", "api.example.com",
    "order-confirmation.pdf", "order", "task.failed", "$5", "data.a", "failed", "\"", ",", "a,b",
    ":", "=", "9:30", "https://x.example/?a=b&c=%20", "today", "yesterday", "09:00",
};

static const char *const numbers[] = {
    "0", "-0", "0.0", "1", "1.0", "-1", "2", "5", "10", "12", "100", "1e2", "1E+2", "1.5e3",
    "1500", "30", "30000", "30000.0", "30000.5", "3e4", "4218", "4218.0", "60000", "90000",
    "300000", "3600000", "86400000", "0.9", "0.90", "9e-1", "0.5", "0.01", "0.012", "1e-7",
    "0.0000001", "1e400", "-1e400", "1e-400", "99999999999999", "99999999999999999",
    "100000000000000000", "12345678901234567890", "12345678901234567891", "123456789012345",
    "1234567890123456", "123456789012345678901234567890", "123456789012345678901234567891",
    "0.1", "0.10000000000000000001", "123456789012345678901234567890.5", "1e16", "1e17",
    "1.5e16", "123456.789", "12345.6789012345", "1048576", "1024", "1000", "2500000", "2621440",
    "10000000", "8421", "18446744073709551615", "18446744073709551616", "9223372036854775807",
    "9223372036854775808", "1e3", "1e5", "33.333333333333", "2e308", "1.7976931348623157e308",
    "1e99999999999999999999", "5e-324", "1.00000000000000000001", "-1e-400",
    "0.0000000000000000", "1e999999999999999",
};

static const char *const durations[] = {
    "30s", "4218ms", "4218MS", "1m30s", "1M30S", "5m", "5M", "1h", "0.5h", "1.5h", "1w2d",
    "2d1w", "1s1s", "0", "-1s", "1e3ms", "1e3s", "-5ms", "1.5ms", "30000ms", "30.0000005s", "1m",
    "1d", "30S", "0s", "s", "1h5M", "-1h30m", "106751991167d", "1s5ms", "5 s", "+5s", "1m-5s",
    "30", "0.0000001w", "-0s", "00s", "1.s", ".5s", "0.0", "-0", "0.0000000000000000",
};

static const char *const sizes[] = {
    "10MB", "10mb", "2.5MiB", "2M", "2m", "1K", "1k", "1G", "5B", "5b", "1kb", "1KiB", "16EB",
    "-1MB", "1e3MB", "0.5K", "1.0009765625K", "16777216TiB", "16777215TiB", "1024", "1T", "1TB",
    "0B", "1024b", "10 MB", "10  kib", "2\tm", "5 s", "0.0000001K", "M",
};

static const char *const moneys[] = {
    "$0.01", "0.01", "0.01usd", "usd0.01", "USD0.012", "€5", "5€", "£5", "¥5", "5eur", "-$1",
    "$-1", "-1usd", "usd-1", "--1", "-$-1", "$", "usd", "1e-2usd", "$1e-2", "5us", "5usdx",
    "$5usd", "0.012", "$ 5", "1eur", "5EUR", "5  usd", "usd 5", "-usd -5", "-usd 5", "5\tusd",
    "$0.012",
};

static const char *const shares[] = {
    "0.9", "90%", "100%", "101%", "1", "1.1", "0", "0%", "-1%", "9e-1", "9e1%", "50%", "0.5",
    "%", "90.0%", "-0", "1.00000000000000000001", "100.00000000000000001%", "-1e-400",
};

static const char *const clocks[] = {
    "09:00", "9:00", "9", "22:00", "00:00", "23:59", "23:59:59", "02:30", "2:30", "02:00",
    "03:00", "02", "03", "2", "12:18:05", "12:18:05.123", "12:18:05.1", "12:18:05.1239", "24:00",
    "12:60", "12:18:60", "12:18:", "10", "01:30", "1:59:59.999", "12:1", "12:", "23:59:60",
    "12:18:05,5", "12:00.5", "00", "000", "8421", "01:45", "02:15",
};

static const char *const offsets[] = {
    "Z", "z", "+02:00", "+0200", "+02", "-05:30", "+00:00", "-00:00", "+24:00", "+2", "+02:",
    "+02:60", "-1100", "+1400",
};

static const char *const types[] = {
    "task.completed", "task.failed", "task.cancelled", "task.healed", "session.completed",
    "session.failed", "session.recording.ready", "intervention.requested",
    "intervention.resolved", "batch.completed", "batch.failed", "identity.authenticated",
    "identity.authentication_failed", "task.paused", "session.export_failed", "export.failed",
    "x.crashed", "order-timeout", "finished", "a.b.canceled", "task", "Task.failed", "x.FAILED",
    "task.", "tasks.failed", "new.healed", "new.rejected_", "é.failed", "session.cancelled",
    "batch.aborted", "x.errored",
};

static const char *const keys[] = {
    "a", "b", "A", "a.b", "a.b.c", "b.c", "c", "odd key", "0", "1", "00", "rows", "name", "n",
    "due", "tags", "é", "É", "", "x\"y", "_id", "x_id", "rows.0", "0.name", "value", "message",
    "type", "-", "1.5", "a-b", "Data", "ſ", "\\", ".", "a.", ".a", "tab\t",
};

static const char *const data_keys[] = {
    "task_id", "session_id", "request_id", "batch_id", "identity_id", "application_id",
    "execution_id", "source_execution_id", "task_version_id", "healed_task_version_id",
    "execution_mode", "duration_ms", "cost", "output", "artifacts", "recording_url",
    "session_dashboard_url", "live_view_url", "error", "error_message", "error_explanation",
    "fix_suggestion", "confidence_score", "published_as_draft", "proxy_bytes",
    "network_bytes_total", "size_bytes", "steps", "screenshots", "screenshot_count",
    "screenshots_count", "domains", "reason", "message", "input_type", "total_requests",
    "completed_requests", "failed_requests", "status", "failure_type",
};
/* clang-format on */

#endif
