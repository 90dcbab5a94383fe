/* Servers that answer `anchortop send` with anything: each ends with a sentence and the right exit
 * status, and only a whole 2xx is taken for a yes. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "../harness.h"
#include "../tls.h"

#if !defined(POLLRDHUP)
#define POLLRDHUP POLLIN
#endif

TestSuite(hostile_servers, .fini = programs_stop, .timeout = 180);

/* What the server does after its answer. */
enum end {
    CLOSES,
    RESETS,
    HOLDS,   /* says nothing more, for as long as the client stays */
    REPEATS, /* the answer's second line and what follows, for ever */
    DRIPS,   /* a byte now and then */
};

/* Which TLS it speaks. */
enum tls { PLAIN, GARBAGE, UNTRUSTED, TRUSTED };

struct row {
    const char *name, *answer;
    enum end end;
    int status;       /* of the program */
    const char *says; /* in its output */
    enum tls tls;
};

#define OK      "HTTP/1.1 200 OK\r\n"
#define CHUNKED OK "Transfer-Encoding: chunked\r\n\r\n"
#define YES     "Content-Length: 21\r\n\r\n{\"status\":\"accepted\"}"

static const struct row rows[] = {
    {"accepted", OK YES, CLOSES, 0, ": 200 accepted (", PLAIN},
    {"accepted, and the connection held", OK YES, HOLDS, 0, ": 200 accepted (", PLAIN},
    {"up to the end", OK "\r\n{\"status\":\"duplicate\"}", CLOSES, 0, ": 200 duplicate (", PLAIN},
    {"no content", "HTTP/1.1 204 No Content\r\n\r\n", CLOSES, 0, ": 204 accepted (", PLAIN},
    {"in chunks", CHUNKED "5\r\nhello\r\n0\r\n\r\n", CLOSES, 0, ": 200 hello (", PLAIN},
    {"interim answers first",
     "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\n"
     "Link: </a>\r\n\r\n" OK YES,
     CLOSES, 0, ": 200 accepted (", PLAIN},

    {"a chunk of 2 GiB", CHUNKED "80000000\r\nhello", CLOSES, 1, "", PLAIN},
    {"a chunk of 2 GiB, held", CHUNKED "80000000\r\nhello\r\n0\r\n\r\n", HOLDS, 1, "within 10 s",
     PLAIN},
    {"a chunk as long as memory", CHUNKED "ffffffffffffffff\r\nhello\r\n0\r\n\r\n", CLOSES, 1, "",
     PLAIN},
    {"the longest positive chunk", CHUNKED "7fffffffffffffff\r\nhello\r\n0\r\n\r\n", CLOSES, 1, "",
     PLAIN},
    {"a chunk beyond any number", CHUNKED "fffffffffffffffffffffffffffffffff\r\nhello", CLOSES, 1,
     "", PLAIN},
    {"a negative chunk", CHUNKED "-5\r\nhello\r\n0\r\n\r\n", CLOSES, 1, "", PLAIN},
    {"a chunk without a size", CHUNKED "\r\nhello\r\n0\r\n\r\n", CLOSES, 1, "", PLAIN},
    {"a chunk that is no number", CHUNKED "zz\r\nhello\r\n0\r\n\r\n", CLOSES, 1, "", PLAIN},
    {"a chunk longer than it says", CHUNKED "2\r\nhello\r\n0\r\n\r\n", CLOSES, 1, "", PLAIN},
    {"half a chunk", CHUNKED "10\r\nhello", CLOSES, 1, "", PLAIN},
    {"no last chunk", CHUNKED "5\r\nhello\r\n", CLOSES, 1, "", PLAIN},
    {"half a body", OK "Content-Length: 100\r\n\r\n{\"status\":\"accepted\"}", CLOSES, 1,
     "before the answer's end", PLAIN},
    {"half a body, reset", OK "Content-Length: 100\r\n\r\n{\"status\":\"accepted\"}", RESETS, 1, "",
     PLAIN},
    {"a length beyond any number", OK "Content-Length: 99999999999999999999\r\n\r\nhello", CLOSES,
     0, ": 200 hello (", PLAIN},

    {"no answer", "", CLOSES, 1, "closed without an answer", PLAIN},
    {"a reset", "", RESETS, 1, "reset", PLAIN},
    {"half a status line", "HTTP/1.1 20", CLOSES, 1, "", PLAIN},
    {"silence", "", HOLDS, 1, "no answer came within 10 s", PLAIN},
    {"a drip", OK "X: ", DRIPS, 1, "did not end within 10 s", PLAIN},
    {"interim answers without end",
     "HTTP/1.1 100 Continue\r\nX: y\r\n\r\nHTTP/1.1 100 Continue\r\n", REPEATS, 1,
     "longer than 64 KiB", PLAIN},
    {"headers without end", OK "X: y\r\n", REPEATS, 1, "", PLAIN},
    {"one header without end", OK "Y", REPEATS, 1, "head is too long", PLAIN},
    {"a body without end", OK "\r\n<p>and so on</p>\n", REPEATS, 1, "longer than 64 KiB", PLAIN},
    {"a page without a head", "<html><body>Welcome</body></html>\n", CLOSES, 1, "not HTTP", PLAIN},
    {"another protocol", "SSH-2.0-OpenSSH_9.2\r\n", CLOSES, 1, "not HTTP", PLAIN},

    {"a page", "HTTP/1.1 404 Not Found\r\n\r\n<html>not\nhere\x1b[2J</html>", CLOSES, 1, ": 404 ",
     PLAIN},
    {"a no that says yes", "HTTP/1.1 500 OK\r\n" YES, CLOSES, 1, ": 500 {", PLAIN},
    {"a no without a word", "HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n", CLOSES, 1,
     ": 503 without a reason", PLAIN},
    {"a redirect", "HTTP/1.1 301 Moved\r\nLocation: http://127.0.0.1:9/new\r\n" YES, CLOSES, 1,
     "leads to http://127.0.0.1:9/new", PLAIN},
    {"another protocol from now on", "HTTP/1.1 101 Switching Protocols\r\n\r\n", CLOSES, 1, "",
     PLAIN},
    {"a status of no class", "HTTP/1.1 999 Odd\r\n" YES, CLOSES, 1, "", PLAIN},
    {"a status of four digits", "HTTP/1.1 2000 OK\r\n" YES, CLOSES, 1, "", PLAIN},
    {"a status of nothing", "HTTP/1.1 000 OK\r\n" YES, CLOSES, 1, "", PLAIN},

    {"no TLS", "HTTP/1.1 400 Bad Request\r\n\r\n", CLOSES, 1, "", GARBAGE},
    {"a record of TLS that is none", "\x16\x03\x03\xff\xff garbage \x16\x03\x01", CLOSES, 1, "",
     GARBAGE},
    {"an alert", "\x15\x03\x03\x00\x02\x02\x28", CLOSES, 1, "", GARBAGE},
    {"nothing of TLS", "", CLOSES, 1, "", GARBAGE},
    {"silence instead of TLS", "", HOLDS, 1, "within 10 s", GARBAGE},
    {"an unknown certificate", OK YES, CLOSES, 1, "the certificate is not trusted", UNTRUSTED},
    {"accepted over TLS", OK YES, CLOSES, 0, ": 200 accepted (", TRUSTED},
    {"a chunk of 2 GiB over TLS", CHUNKED "80000000\r\nhello", CLOSES, 1, "", TRUSTED},
    {"no answer over TLS", "", CLOSES, 1, "", TRUSTED},
};

enum { ROWS = sizeof rows / sizeof *rows };

/* A server that takes one connection. */
struct server {
    const struct row *row;
    int listener, connection;
    SSL *ssl;
    pthread_t thread;
    struct program *sender;
};

static SSL_CTX *tls_context;
static char authority[] = "/tmp/anchortop-hostile-XXXXXX", key[64];

static void make_certificate(void)
{
    close(mkstemp(authority));
    snprintf(key, sizeof key, "%s.key", authority);
    tls_make(authority, key, 1);
    tls_context = SSL_CTX_new(TLS_server_method());
    cr_assert(SSL_CTX_use_certificate_file(tls_context, authority, SSL_FILETYPE_PEM) == 1 &&
              SSL_CTX_use_PrivateKey_file(tls_context, key, SSL_FILETYPE_PEM) == 1);
}

static int listen_anywhere(int *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    cr_assert(listener >= 0 && bind(listener, (struct sockaddr *)&address, length) == 0 &&
              listen(listener, 1) == 0 &&
              getsockname(listener, (struct sockaddr *)&address, &length) == 0);
    *port = ntohs(address.sin_port);
    return listener;
}

static ssize_t take(struct server *server, char *bytes, size_t size)
{
    return server->ssl ? SSL_read(server->ssl, bytes, (int)size)
                       : recv(server->connection, bytes, size, 0);
}

static bool give(struct server *server, const char *bytes, size_t length)
{
    if (length == 0)
        return true;
    return server->ssl ? SSL_write(server->ssl, bytes, (int)length) > 0
                       : send(server->connection, bytes, length, MSG_NOSIGNAL) > 0;
}

/* Reads the head of a request and the body that it announces. */
static void take_request(struct server *server)
{
    char bytes[8192];
    size_t length = 0, wanted = sizeof bytes - 1;
    while (length < wanted) {
        ssize_t got = take(server, bytes + length, sizeof bytes - 1 - length);
        if (got <= 0)
            return;
        length += (size_t)got;
        bytes[length] = '\0';
        const char *end = strstr(bytes, "\r\n\r\n");
        const char *size = strcasestr(bytes, "\r\nContent-Length:");
        if (end && size)
            wanted = (size_t)(end - bytes) + 4 + strtoul(size + 17, NULL, 10);
    }
}

static bool client_is_there(struct server *server, int wait_ms)
{
    struct pollfd client = {.fd = server->connection, .events = POLLRDHUP};
    return poll(&client, 1, wait_ms) == 0;
}

static void end_answer(struct server *server)
{
    const char *again = strchr(server->row->answer, '\n');
    const struct linger reset = {.l_onoff = 1};
    switch (server->row->end) {
    case CLOSES: break;
    case RESETS: setsockopt(server->connection, SOL_SOCKET, SO_LINGER, &reset, sizeof reset); break;
    case HOLDS: client_is_there(server, 20000); break;
    case DRIPS:
        while (client_is_there(server, 200) && give(server, "a", 1))
            ;
        break;
    case REPEATS:
        while (give(server, again + 1, strlen(again + 1)))
            ;
        break;
    }
}

static void *serve(void *context)
{
    struct server *server = context;
    char hello[1024];
    struct pollfd client = {.fd = server->listener, .events = POLLIN};
    if (poll(&client, 1, 20000) != 1)
        return NULL;
    server->connection = accept(server->listener, NULL, NULL);
    if (server->row->tls == GARBAGE) {
        take(server, hello, sizeof hello);
    } else if (server->row->tls != PLAIN) {
        server->ssl = SSL_new(tls_context);
        SSL_set_fd(server->ssl, server->connection);
        if (SSL_accept(server->ssl) == 1)
            take_request(server);
    } else {
        take_request(server);
    }
    if (give(server, server->row->answer, strlen(server->row->answer)))
        end_answer(server);
    if (server->row->tls != PLAIN && server->row->end == CLOSES)
        shutdown(server->connection, SHUT_WR);
    SSL_free(server->ssl);
    close(server->connection);
    close(server->listener);
    return NULL;
}

static void start(struct server *server, const struct row *row)
{
    char url[64], trust[64];
    int port;
    *server = (struct server){.row = row, .listener = listen_anywhere(&port)};
    pthread_create(&server->thread, NULL, serve, server);
    snprintf(url, sizeof url, "http%s://127.0.0.1:%d/", row->tls == PLAIN ? "" : "s", port);
    snprintf(trust, sizeof trust, "SSL_CERT_FILE=%s", authority);
    const char *const arguments[] = {"send", "--url", url, "task.completed", NULL};
    const char *const environment[] = {row->tls == TRUSTED ? trust : "A=b", NULL};
    server->sender = program_start(&(struct program_setup){.arguments = arguments,
                                                           .environment = environment,
                                                           .secret = "whsec_1",
                                                           .no_terminal = true,
                                                           .keep_stderr = true});
}

static void check(struct server *server)
{
    const struct row *row = server->row;
    size_t length;
    int status = program_wait_exit(server->sender);
    const char *output = program_output(server->sender, &length);
    const char *complaint = program_stderr(server->sender);
    cr_expect_eq(status, row->status, "%s: %d, %s%s", row->name, status, output, complaint);
    cr_expect(strstr(output, row->says), "%s: %s", row->name, output);
    cr_expect(strstr(output, row->status ? ": 0 accepted, 1 failed\n" : ": 1 accepted, 0 failed\n"),
              "%s: %s", row->name, output);
    cr_expect(row->status == 0 || strstr(complaint, "anchortop: http"), "%s: %s", row->name,
              complaint);
    cr_expect_not(strpbrk(output, "\x1b\x07"), "%s: %s", row->name, output);
    cr_expect_not(strstr(complaint, "Sanitizer") || strstr(complaint, "runtime error"), "%s: %s",
                  row->name, complaint);
    program_stop(server->sender);
    pthread_join(server->thread, NULL);
}

static bool is_slow(const struct row *row)
{
    return row->end == HOLDS || row->end == DRIPS;
}

Test(hostile_servers, send_says_what_came_of_any_answer)
{
    static struct server servers[ROWS];
    signal(SIGPIPE, SIG_IGN);
    make_certificate();
    for (size_t i = 0; i < ROWS; i++)
        if (is_slow(&rows[i]))
            start(&servers[i], &rows[i]);
    for (size_t i = 0; i < ROWS; i++)
        if (!is_slow(&rows[i])) {
            start(&servers[i], &rows[i]);
            check(&servers[i]);
        }
    for (size_t i = 0; i < ROWS; i++)
        if (is_slow(&rows[i]))
            check(&servers[i]);
    SSL_CTX_free(tls_context);
    unlink(authority);
    unlink(key);
}
