/*
 * Finding and reading a request's head. Everything is a span of the bytes received until it is
 * known to be of interest, and copied then.
 */
#include "request.h"

#include <string.h>
#include <strings.h>

#include "host.h"

struct span {
    const char *start;
    size_t length;
};

/* One header line. */
struct line {
    struct span name, value;
};

/* The headers that matter; all others are checked for form and dropped. */
static const struct {
    const char *name;
    size_t member; /* where its value goes in struct request */
} known[] = {
    {"content-length", offsetof(struct request, head.content_length)},
    {"transfer-encoding", offsetof(struct request, head.transfer_encoding)},
    {"expect", offsetof(struct request, head.expect)},
    {"anchor-signature", offsetof(struct request, head.signature)},
    {"anchor-timestamp", offsetof(struct request, head.timestamp)},
    {"anchor-delivery-id", offsetof(struct request, delivery_id)},
    {"connection", offsetof(struct request, connection)},
    {"host", offsetof(struct request, head.host)},
    {"origin", offsetof(struct request, head.origin)},
    {"sec-fetch-site", offsetof(struct request, head.fetch_site)},
    {"content-type", offsetof(struct request, head.content_type)},
};

static bool is_token(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != '\0' && strchr("!#$%&'*+-.^_`|~", c));
}

static bool is_token_span(struct span span)
{
    for (size_t i = 0; i < span.length; i++)
        if (!is_token(span.start[i]))
            return false;
    return span.length > 0;
}

static bool is_field_text(char c)
{
    return c == '\t' || ((unsigned char)c >= ' ' && c != 0x7f);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static unsigned refuse(unsigned status, const char **reason, const char *sentence)
{
    *reason = sentence;
    return status;
}

unsigned request_find(const char *data, size_t length, size_t *scanned, size_t *end,
                      const char **reason)
{
    if (length == 0)
        return REQUEST_INCOMPLETE;
    if (data[0] == 0x16)
        return refuse(400, reason,
                      "TLS was spoken to a port without it: use http:// or --tls-cert");
    if (!is_token(data[0]))
        return refuse(400, reason, "not an HTTP request");
    while (*scanned < length) {
        const char *newline = memchr(data + *scanned, '\n', length - *scanned);
        if (!newline)
            break;
        size_t at = (size_t)(newline - data);
        *scanned = at + 1;
        if (data[at - 1] != '\r')
            return refuse(400, reason, "a line of the request's head does not end in CR LF");
        if (at >= 2 && data[at - 2] == '\n') {
            *end = at + 1;
            if (*end <= REQUEST_MAX_HEAD)
                return REQUEST_COMPLETE;
        }
    }
    *scanned = length;
    if (length < REQUEST_MAX_HEAD)
        return REQUEST_INCOMPLETE;
    return refuse(431, reason, "the request's head is larger than 16 KiB");
}

/* Copies text into the request; NULL when there is no more room. */
static char *keep(struct request *request, struct span span)
{
    if (span.length >= sizeof request->text - request->text_length)
        return NULL;
    char *text = request->text + request->text_length;
    memcpy(text, span.start, span.length);
    text[span.length] = '\0';
    request->text_length += span.length + 1;
    return text;
}

/* The next line without its CR LF; *rest moves behind it. */
static struct span next_line(struct span *rest)
{
    const char *newline = memchr(rest->start, '\n', rest->length);
    struct span line = {rest->start, (size_t)(newline - rest->start) - 1};
    rest->start = newline + 1;
    rest->length -= line.length + 2;
    return line;
}

/* Takes the text before a space, and the space. */
static struct span next_word(struct span *line)
{
    const char *space = memchr(line->start, ' ', line->length);
    struct span word = {line->start, space ? (size_t)(space - line->start) : line->length};
    size_t taken = word.length + (space ? 1 : 0);
    line->start += taken;
    line->length -= taken;
    return word;
}

/* The path of a request target in any of its forms: "/path?query", "http://host/path", "*" of
 * OPTIONS, and the authority of CONNECT as it is. An empty span when it is none of them. */
static struct span target_path(struct span method, struct span target)
{
    static const char scheme_end[] = "://";
    for (size_t i = 0; i < target.length; i++)
        if (target.start[i] <= ' ' || target.start[i] == 0x7f || target.start[i] == '#')
            return (struct span){0};
    if (method.length == 7 && memcmp(method.start, "CONNECT", 7) == 0)
        return target;
    if (target.length == 1 && *target.start == '*')
        return method.length == 7 && memcmp(method.start, "OPTIONS", 7) == 0 ? target
                                                                             : (struct span){0};
    if (target.length > 0 && *target.start != '/') {
        size_t i = 0;
        while (i + 3 <= target.length && memcmp(target.start + i, scheme_end, 3) != 0)
            i++;
        if (i == 0 || i + 3 > target.length)
            return (struct span){0};
        const char *authority = target.start + i + 3;
        const char *end = target.start + target.length;
        const char *path = authority;
        while (path < end && *path != '/' && *path != '?')
            path++;
        if (path == authority)
            return (struct span){0};
        if (path == end || *path == '?')
            return (struct span){"/", 1};
        target = (struct span){path, (size_t)(end - path)};
    }
    const char *query = memchr(target.start, '?', target.length);
    return query ? (struct span){target.start, (size_t)(query - target.start)} : target;
}

static unsigned read_request_line(struct request *request, struct span line, bool *http10,
                                  const char **reason)
{
    struct span method = next_word(&line);
    struct span target = next_word(&line);
    bool http = line.length == 8 && memcmp(line.start, "HTTP/", 5) == 0;
    if (!is_token_span(method) || !http)
        return refuse(400, reason, "not an HTTP request");
    *http10 = memcmp(line.start + 5, "1.0", 3) == 0;
    if (!*http10 && memcmp(line.start + 5, "1.1", 3) != 0)
        return refuse(505, reason, "only HTTP/1.1 is spoken here");
    struct span path = target_path(method, target);
    if (path.length == 0)
        return refuse(400, reason, "the request's target is malformed");
    if (!(request->head.method = keep(request, method)) ||
        !(request->head.path = keep(request, path))) {
        request->head.method = request->head.path = "";
        return refuse(414, reason, "the request's target is too long");
    }
    return REQUEST_COMPLETE;
}

/* "Name: value", white space around the value dropped. */
static bool split_line(struct span text, struct line *line)
{
    const char *colon = memchr(text.start, ':', text.length);
    if (!colon)
        return false;
    line->name = (struct span){text.start, (size_t)(colon - text.start)};
    const char *start = colon + 1, *end = text.start + text.length;
    while (start < end && is_blank(*start))
        start++;
    while (end > start && is_blank(end[-1]))
        end--;
    line->value = (struct span){start, (size_t)(end - start)};
    for (const char *c = start; c < end; c++)
        if (!is_field_text(*c))
            return false;
    return is_token_span(line->name);
}

/* Keeps the values of all lines of one name, joined by ", ". */
static bool collect(struct request *request, const char *name, const struct line *lines,
                    size_t count, const char **value)
{
    size_t name_length = strlen(name);
    for (size_t i = 0; i < count; i++) {
        if (lines[i].name.length != name_length ||
            strncasecmp(lines[i].name.start, name, name_length) != 0)
            continue;
        if (*value) {
            request->text_length--;
            if (!keep(request, (struct span){", ", 2}))
                return false;
            request->text_length--;
        }
        const char *kept = keep(request, lines[i].value);
        if (!kept)
            return false;
        if (!*value)
            *value = kept;
    }
    return true;
}

/* Whether a comma-separated list holds a word, whatever its case. */
static bool list_has(const char *list, const char *word)
{
    size_t length = strlen(word);
    while (*list) {
        list += strspn(list, ", \t");
        size_t item = strcspn(list, ", \t");
        if (item == length && strncasecmp(list, word, length) == 0)
            return true;
        list += item;
    }
    return false;
}

static unsigned read_fields(struct request *request, struct span rest, const char **reason)
{
    struct line lines[REQUEST_MAX_FIELDS];
    size_t count = 0;
    for (struct span text = next_line(&rest); text.length > 0; text = next_line(&rest)) {
        if (count == REQUEST_MAX_FIELDS)
            return refuse(431, reason, "the request has more than 100 headers");
        if (!split_line(text, &lines[count]))
            return refuse(400, reason, "a header of the request is malformed");
        count++;
    }
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        const char **value = (const char **)(void *)((char *)request + known[i].member);
        if (!collect(request, known[i].name, lines, count, value))
            return refuse(431, reason, "the request's headers are too long");
    }
    return REQUEST_COMPLETE;
}

/* Two hosts, or one that can be read in two ways, are how a request is one thing to a proxy and
 * another one to us. */
static unsigned check_host(const char *host, bool http10, const char **reason)
{
    if (!host && !http10)
        return refuse(400, reason, "the request has no Host header");
    if (host && strchr(host, ','))
        return refuse(400, reason, "the request has more than one Host");
    if (host && !host_is_valid(host))
        return refuse(400, reason, "the request's Host is malformed");
    return REQUEST_COMPLETE;
}

unsigned request_read(struct request *request, const char *data, size_t length, const char **reason)
{
    struct span rest = {data, length};
    bool http10 = false;
    request->head = (struct intake_head){.method = "", .path = ""};
    request->delivery_id = request->connection = NULL;
    request->keep_alive = false;
    request->text_length = 0;

    unsigned status = read_request_line(request, next_line(&rest), &http10, reason);
    if (status == REQUEST_COMPLETE)
        status = read_fields(request, rest, reason);
    if (status != REQUEST_COMPLETE)
        return status;
    status = check_host(request->head.host, http10, reason);
    if (status != REQUEST_COMPLETE)
        return status;
    if (http10 && request->head.transfer_encoding)
        return refuse(400, reason, "Transfer-Encoding in an HTTP/1.0 request");
    request->keep_alive =
        !http10 && !(request->connection && list_has(request->connection, "close"));
    return REQUEST_COMPLETE;
}
