/*
 * The table of statuses, and an answer's bytes.
 */
#include "answer.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

const char answer_continue[] = "HTTP/1.1 100 Continue\r\n\r\n";

/* Every status that is ever answered. `headers` are what HTTP wants beside it. */
static const struct status {
    unsigned code;
    const char *phrase, *headers;
} statuses[] = {
    {200, "OK", ""},
    {400, "Bad Request", ""},
    {401, "Unauthorized", "WWW-Authenticate: Anchor-Signature\r\n"},
    {403, "Forbidden", ""},
    {404, "Not Found", ""},
    {405, "Method Not Allowed", "Allow: POST\r\n"},
    {408, "Request Timeout", ""},
    {411, "Length Required", ""},
    {413, "Content Too Large", ""},
    {414, "URI Too Long", ""},
    {415, "Unsupported Media Type", ""},
    {417, "Expectation Failed", ""},
    {431, "Request Header Fields Too Large", ""},
    {500, "Internal Server Error", ""},
    {503, "Service Unavailable", ""},
    {505, "HTTP Version Not Supported", ""},
};

static const struct status *find_status(unsigned code)
{
    static const struct status unknown = {500, "Internal Server Error", ""};
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++)
        if (statuses[i].code == code)
            return &statuses[i];
    return &unknown;
}

/* RFC 9110's date. Not strftime(): names of days and months must not follow the locale. */
static void format_date(char *out, size_t size, int64_t now_s)
{
    static const char days[][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    time_t time = (time_t)now_s;
    struct tm tm;
    if (!gmtime_r(&time, &tm))
        tm = (struct tm){.tm_mday = 1, .tm_year = 70, .tm_wday = 4};
    snprintf(out, size, "%s, %02d %s %d %02d:%02d:%02d GMT", days[tm.tm_wday], tm.tm_mday,
             months[tm.tm_mon], tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

/* The date in words takes longer than the rest of an answer, and thousands have the same. */
static const char *date_of(int64_t now_s)
{
    static _Thread_local int64_t written_s = INT64_MIN;
    static _Thread_local char date[96];
    if (now_s != written_s)
        format_date(date, sizeof date, now_s);
    written_s = now_s;
    return date;
}

size_t answer_format(char *out, const struct answer *answer)
{
    const struct status *status = find_status(answer->status);
    int length = snprintf(
        out, ANSWER_SIZE,
        "HTTP/1.1 %u %s\r\n"
        "Date: %s\r\n"
        "Content-Type: application/json\r\n"
        "Content-Length: %zu\r\n"
        "%s%s\r\n"
        "%s",
        status->code, status->phrase, date_of(answer->now_s), strlen(answer->body), status->headers,
        answer->close ? "Connection: close\r\n" : "", answer->head_only ? "" : answer->body);
    return length < ANSWER_SIZE ? (size_t)length : ANSWER_SIZE - 1;
}

void answer_error(char *out, const char *reason)
{
    static const char head[] = "{\"error\":\"", tail[] = "\"}";
    size_t used = sizeof head - 1;
    memcpy(out, head, used);
    for (; *reason && used + 6 + sizeof tail <= ANSWER_BODY_SIZE; reason++) {
        unsigned char c = (unsigned char)*reason;
        if (c == '"' || c == '\\') {
            out[used++] = '\\';
            out[used++] = (char)c;
        } else if (c < ' ') {
            used += (size_t)snprintf(out + used, 7, "\\u%04x", c);
        } else {
            out[used++] = (char)c;
        }
    }
    memcpy(out + used, tail, sizeof tail);
}
