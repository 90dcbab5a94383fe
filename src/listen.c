/*
 * Addresses as --listen writes them, as sockets have them, and as people read them.
 */
#include "listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static bool refuse(char *reason, size_t size, const char *text, const char *problem)
{
    snprintf(reason, size, "--listen %.80s: %s", text, problem);
    return false;
}

static bool parse_port(const char *text, uint16_t *port)
{
    unsigned value = 0;
    if (*text == '\0' || strlen(text) > 5 || text[strspn(text, "0123456789")] != '\0')
        return false;
    for (; *text; text++)
        value = value * 10 + (unsigned)(*text - '0');
    *port = (uint16_t)value;
    return value <= UINT16_MAX;
}

static bool set_ipv4(struct listen_address *address, const char *host, uint16_t port)
{
    struct sockaddr_in *in = (struct sockaddr_in *)&address->address;
    in->sin_family = AF_INET;
    in->sin_port = htons(port);
    address->length = sizeof *in;
    if (inet_pton(AF_INET, host, &in->sin_addr) != 1)
        return false;
    address->loopback = ntohl(in->sin_addr.s_addr) >> 24 == 127;
    return true;
}

static bool set_ipv6(struct listen_address *address, const char *host, uint16_t port)
{
    struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)&address->address;
    in6->sin6_family = AF_INET6;
    in6->sin6_port = htons(port);
    address->length = sizeof *in6;
    if (inet_pton(AF_INET6, host, &in6->sin6_addr) != 1)
        return false;
    const uint8_t *bytes = in6->sin6_addr.s6_addr;
    address->loopback = IN6_IS_ADDR_LOOPBACK(&in6->sin6_addr) ||
                        (IN6_IS_ADDR_V4MAPPED(&in6->sin6_addr) && bytes[12] == 127);
    return true;
}

bool listen_parse(struct listen_address *address, const char *text, char *reason,
                  size_t reason_size)
{
    static const char form[] = "write it as ADDR:PORT, [IPv6]:PORT or PORT";
    *address = (struct listen_address){0};
    const char *colon = strrchr(text, ':');
    const char *port_text = colon ? colon + 1 : text;
    size_t host_length = colon ? (size_t)(colon - text) : 0;
    char host[64] = "127.0.0.1";
    uint16_t port;

    if (!colon && (*text == '\0' || text[strspn(text, "0123456789")] != '\0'))
        return refuse(reason, reason_size, text, form);
    if (!parse_port(port_text, &port))
        return refuse(reason, reason_size, text, "the port must be a number from 0 to 65535");
    if (host_length >= sizeof host)
        return refuse(reason, reason_size, text, form);
    if (colon) {
        memcpy(host, text, host_length);
        host[host_length] = '\0';
    }

    if (strcmp(host, "localhost") == 0)
        return set_ipv4(address, "127.0.0.1", port);
    if (host[0] == '[' && host_length > 2 && host[host_length - 1] == ']') {
        host[host_length - 1] = '\0';
        if (set_ipv6(address, host + 1, port))
            return true;
        return refuse(reason, reason_size, text, "that is not an IPv6 address");
    }
    if (strchr(host, ':'))
        return refuse(reason, reason_size, text, "an IPv6 address stands in brackets: [::1]:8484");
    if (host[0] == '\0' || strcmp(host, "*") == 0)
        return refuse(reason, reason_size, text,
                      "for all addresses of this machine, write 0.0.0.0");
    if (set_ipv4(address, host, port))
        return true;
    return refuse(reason, reason_size, text, "that is not an IP address of this machine");
}

static void address_text(const struct sockaddr_storage *address, char text[LISTEN_TEXT_SIZE])
{
    char host[INET6_ADDRSTRLEN] = "";
    if (address->ss_family == AF_INET) {
        const struct sockaddr_in *in = (const struct sockaddr_in *)address;
        inet_ntop(AF_INET, &in->sin_addr, host, sizeof host);
        snprintf(text, LISTEN_TEXT_SIZE, "%s:%u", host, ntohs(in->sin_port));
    } else if (address->ss_family == AF_INET6) {
        const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)address;
        inet_ntop(AF_INET6, &in6->sin6_addr, host, sizeof host);
        snprintf(text, LISTEN_TEXT_SIZE, "[%s]:%u", host, ntohs(in6->sin6_port));
    } else {
        snprintf(text, LISTEN_TEXT_SIZE, "?");
    }
}

static struct sockaddr_storage local_address(int socket)
{
    struct sockaddr_storage address = {0};
    socklen_t length = sizeof address;
    getsockname(socket, (struct sockaddr *)&address, &length);
    return address;
}

void listen_local_text(int socket, char text[LISTEN_TEXT_SIZE])
{
    struct sockaddr_storage address = local_address(socket);
    address_text(&address, text);
}

static struct sockaddr_storage peer_address(int socket)
{
    struct sockaddr_storage address = {0};
    socklen_t length = sizeof address;
    getpeername(socket, (struct sockaddr *)&address, &length);
    return address;
}

void listen_peer_text(int socket, char text[LISTEN_TEXT_SIZE])
{
    struct sockaddr_storage address = peer_address(socket);
    address_text(&address, text);
}

void listen_peer_address(int socket, char text[LISTEN_TEXT_SIZE])
{
    struct sockaddr_storage address = peer_address(socket);
    struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)&address;
    struct sockaddr_in *in = (struct sockaddr_in *)&address;
    if (address.ss_family == AF_INET6) {
        in6->sin6_port = 0;
        if (!IN6_IS_ADDR_V4MAPPED(&in6->sin6_addr))
            memset(in6->sin6_addr.s6_addr + 8, 0, 8);
    } else {
        in->sin_port = 0;
    }
    address_text(&address, text);
}

void listen_reach_text(int socket, char text[LISTEN_TEXT_SIZE])
{
    struct sockaddr_storage address = local_address(socket);
    struct sockaddr_in *in = (struct sockaddr_in *)&address;
    struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)&address;
    if (address.ss_family == AF_INET && in->sin_addr.s_addr == htonl(INADDR_ANY))
        in->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (address.ss_family == AF_INET6 && IN6_IS_ADDR_UNSPECIFIED(&in6->sin6_addr))
        in6->sin6_addr = in6addr_loopback;
    address_text(&address, text);
}

static const char *remedy(int error)
{
    switch (error) {
    case EADDRINUSE: return "the port is in use: end the other program or choose one with --listen";
    case EACCES: return "no permission for this port: choose one above 1023 with --listen";
    case EADDRNOTAVAIL: return "this machine does not have that address: choose one with --listen";
    default: return strerror(error);
    }
}

int listen_open(const struct listen_address *address, char *reason, size_t reason_size)
{
    int fd = socket(address->address.ss_family, SOCK_STREAM, 0);
    int on = 1;
    if (fd >= 0 && fcntl(fd, F_SETFD, FD_CLOEXEC) == 0 && fcntl(fd, F_SETFL, O_NONBLOCK) == 0 &&
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
        bind(fd, (const struct sockaddr *)&address->address, address->length) == 0 &&
        listen(fd, SOMAXCONN) == 0)
        return fd;

    int error = errno;
    char text[LISTEN_TEXT_SIZE];
    address_text(&address->address, text);
    snprintf(reason, reason_size, "cannot listen on %s: %s", text, remedy(error));
    if (fd >= 0)
        close(fd);
    return -1;
}
