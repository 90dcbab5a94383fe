/*
 * The value of a Host header, taken apart.
 */
#include "host.h"

#include <arpa/inet.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

enum { ADDRESS_SIZE = 64 };

/* How many bytes of it are the name or address, with its brackets; the port follows. */
static size_t name_length(const char *host)
{
    if (*host != '[')
        return strcspn(host, ":");
    const char *end = strchr(host, ']');
    return end ? (size_t)(end - host) + 1 : 0;
}

static bool is_port(const char *text)
{
    return *text == '\0' || (*text == ':' && text[1 + strspn(text + 1, "0123456789")] == '\0');
}

/* Copies what stands inside of brackets. False when it is not a numeric address of that family. */
static bool is_address(int family, const char *text, size_t length, unsigned char *bytes)
{
    char copy[ADDRESS_SIZE];
    if (length >= sizeof copy)
        return false;
    memcpy(copy, text, length);
    copy[length] = '\0';
    return inet_pton(family, copy, bytes) == 1;
}

/* Every request has a Host: strspn() would make a table for each. */
static bool is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || strchr("_~!$&'()*+;=%", c);
}

bool host_is_valid(const char *host)
{
    unsigned char bytes[16];
    size_t length = name_length(host);
    if (!is_port(host + length))
        return false;
    if (*host == '[')
        return length > 2 && is_address(AF_INET6, host + 1, length - 2, bytes);
    for (size_t i = 0; i < length; i++)
        if (!is_name_char(host[i]))
            return false;
    return true;
}

static bool ends_with(const char *text, size_t length, const char *end)
{
    size_t end_length = strlen(end);
    return length >= end_length && strncasecmp(text + length - end_length, end, end_length) == 0;
}

bool host_is_loopback(const char *host)
{
    static const unsigned char loopback[16] = {[15] = 1}, mapped[12] = {[10] = 0xff, [11] = 0xff};
    unsigned char bytes[16];
    size_t length = name_length(host);
    if (*host == '[')
        return length > 2 && is_address(AF_INET6, host + 1, length - 2, bytes) &&
               (memcmp(bytes, loopback, sizeof loopback) == 0 ||
                (memcmp(bytes, mapped, sizeof mapped) == 0 && bytes[12] == 127));
    if (length > 0 && host[length - 1] == '.')
        length--;
    if (is_address(AF_INET, host, length, bytes))
        return bytes[0] == 127;
    return (length == 9 && ends_with(host, length, "localhost")) ||
           ends_with(host, length, ".localhost");
}
