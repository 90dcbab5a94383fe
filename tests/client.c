#include "client.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static double now_s(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

int http_connect(int port)
{
    int connection = socket(AF_INET, SOCK_STREAM, 0);
    cr_assert(connection >= 0, "socket: %s", strerror(errno));
    struct timeval limit = {.tv_sec = CLIENT_TIMEOUT_S};
    int on = 1;
    setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int result = connect(connection, (struct sockaddr *)&address, sizeof address);
    cr_assert_eq(result, 0, "connect to port %d: %s", port, strerror(errno));
    return connection;
}

bool http_send(int connection, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t sent = send(connection, bytes, length, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0)
            return false;
        bytes += sent;
        length -= (size_t)sent;
    }
    return true;
}

bool http_send_text(int connection, const char *text)
{
    return http_send(connection, text, strlen(text));
}

bool http_send_bytewise(int connection, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!http_send(connection, bytes + i, 1))
            return false;
    return true;
}

static ssize_t receive(int connection, char *bytes, size_t size)
{
    ssize_t length;
    do {
        length = recv(connection, bytes, size, 0);
    } while (length < 0 && errno == EINTR);
    return length;
}

/* Byte by byte, so that nothing of the next answer is taken. False when it ended before. */
static bool read_head(int connection, struct http_reply *reply)
{
    size_t length = 0;
    char last[4] = {0};
    while (memcmp(last, "\r\n\r\n", sizeof last) != 0) {
        char byte;
        if (receive(connection, &byte, 1) != 1)
            return false;
        memmove(last, last + 1, sizeof last - 1);
        last[sizeof last - 1] = byte;
        if (length + 1 < sizeof reply->head)
            reply->head[length++] = byte;
    }
    return true;
}

static void read_body(int connection, struct http_reply *reply, size_t expected)
{
    while (reply->length < expected) {
        char bytes[4096];
        size_t wanted = expected - reply->length;
        ssize_t got = receive(connection, bytes, wanted < sizeof bytes ? wanted : sizeof bytes);
        if (got <= 0)
            return;
        for (ssize_t i = 0; i < got; i++, reply->length++)
            if (reply->length + 1 < sizeof reply->body)
                reply->body[reply->length] = bytes[i];
    }
}

struct http_reply http_read(int connection)
{
    struct http_reply reply = {0};
    double start = now_s();
    if (!read_head(connection, &reply))
        return reply;
    int status = 0;
    if (sscanf(reply.head, "HTTP/1.%*d %3d", &status) != 1)
        return reply;
    char value[32];
    size_t length = SIZE_MAX;
    if (status < 200 || status == 204)
        length = 0;
    else if (http_header(&reply, "Content-Length", value, sizeof value))
        length = (size_t)strtoull(value, NULL, 10);
    read_body(connection, &reply, length);
    reply.status = status;
    reply.seconds = now_s() - start;
    return reply;
}

bool http_closed(int connection)
{
    char bytes[4096];
    ssize_t got;
    do {
        got = receive(connection, bytes, sizeof bytes);
    } while (got > 0);
    return got == 0 || errno == ECONNRESET;
}

bool http_header(const struct http_reply *reply, const char *name, char *value, size_t size)
{
    size_t length = strlen(name);
    for (const char *line = strstr(reply->head, "\r\n"); line; line = strstr(line, "\r\n")) {
        line += 2;
        if (strncasecmp(line, name, length) != 0 || line[length] != ':')
            continue;
        const char *begin = line + length + 1;
        begin += strspn(begin, " \t");
        snprintf(value, size, "%.*s", (int)strcspn(begin, "\r\n"), begin);
        return true;
    }
    return false;
}

void http_sign(const char *secret, int64_t timestamp, const char *body, size_t length,
               char *signature, size_t size)
{
    char *signed_bytes = malloc(length + 32);
    cr_assert_not_null(signed_bytes, "out of memory");
    int prefix = snprintf(signed_bytes, 32, "v0:%lld:", (long long)timestamp);
    memcpy(signed_bytes + prefix, body, length);
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned digest_length = 0;
    HMAC(EVP_sha256(), secret, (int)strlen(secret), (unsigned char *)signed_bytes,
         (size_t)prefix + length, digest, &digest_length);
    free(signed_bytes);
    int used = snprintf(signature, size, "t=%lld,v1=", (long long)timestamp);
    for (unsigned i = 0; i < digest_length; i++)
        used += snprintf(signature + used, size - (size_t)used, "%02x", digest[i]);
}

struct http_reply http_deliver_on(int connection, const char *path, const char *secret,
                                  const char *json)
{
    double start = now_s();
    size_t length = strlen(json);
    int64_t timestamp = (int64_t)time(NULL);
    char proof[256] = "";
    if (secret) {
        char signature[128];
        http_sign(secret, timestamp, json, length, signature, sizeof signature);
        snprintf(proof, sizeof proof, "Anchor-Timestamp: %lld\r\nAnchor-Signature: %s\r\n",
                 (long long)timestamp, signature);
    }
    char head[1024];
    snprintf(head, sizeof head,
             "POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
             "User-Agent: Anchor-Webhooks/1.0\r\n%sContent-Length: %zu\r\n\r\n",
             path ? path : "/", proof, length);
    http_send_text(connection, head);
    http_send(connection, json, length);
    struct http_reply reply = http_read(connection);
    reply.seconds = now_s() - start;
    return reply;
}

struct http_reply http_deliver(int port, const char *secret, const char *json)
{
    int connection = http_connect(port);
    struct http_reply reply = http_deliver_on(connection, NULL, secret, json);
    close(connection);
    return reply;
}
