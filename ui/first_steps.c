/*
 * What stands on the screen before the first event.
 */
#include "first_steps.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../src/text.h"
#include "ui.h"

/* Where `send` delivers to by itself. */
#define DEFAULT_URL "http://127.0.0.1:8484/"

enum { TEXT_INDENT = 3, COMMAND_INDENT = 5, LEAST_WIDTH = 20 };

/* Whether one of the directories of $PATH, and none before it, has the program. */
static bool is_in_path(const char *program, const char *name, const char *path)
{
    char found[PATH_MAX], real[PATH_MAX];
    while (path && *path) {
        size_t length = strcspn(path, ":");
        snprintf(found, sizeof found, "%.*s/%s", (int)length, path, name);
        if (length > 0 && access(found, X_OK) == 0)
            return realpath(found, real) && strcmp(real, program) == 0;
        path += length + (path[length] == ':');
    }
    return false;
}

void first_steps_command(char *text, size_t size, const char *program, const char *path,
                         const char *home)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                "0123456789_-./+,:@%";
    const char *slash = strrchr(program, '/'), *name = slash ? slash + 1 : program;
    size_t below = home ? strlen(home) : 0;
    if (is_in_path(program, name, path))
        snprintf(text, size, "%s", name);
    else if (program[strspn(program, plain)])
        snprintf(text, size, strchr(program, '\'') ? "\"%s\"" : "'%s'", program);
    else if (below > 1 && strncmp(program, home, below) == 0 && program[below] == '/')
        snprintf(text, size, "~%s", program + below);
    else
        snprintf(text, size, "%s", program);
}

/* This program as one would start it. */
static void own_command(char *text, size_t size)
{
    char program[PATH_MAX] = "anchortop";
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length > 0)
        program[length] = '\0';
    first_steps_command(text, size, program, getenv("PATH"), getenv("HOME"));
}

static void add_text(struct lines *lines, const char *number, const char *text, int width)
{
    lines_begin(lines, 0);
    lines_add(lines, ROLE_KEY, number);
    lines_pad(lines, *number ? TEXT_INDENT : 0);
    lines_wrap(lines, ROLE_TEXT, text, *number ? TEXT_INDENT : 0, width);
}

/* Where a command is broken: before an option, else before a word, else nowhere. */
static size_t break_of(const char *text, size_t room)
{
    for (size_t part = room; part > 0; part--)
        if (strncmp(text + part, " --", 3) == 0)
            return part;
    for (size_t part = room; part > 0; part--)
        if (text[part] == ' ')
            return part;
    return strlen(text);
}

/* A line to copy. One that is too long goes on as shells have it, so that it can be copied too. */
static void add_command(struct lines *lines, const char *command, int width)
{
    const char *rest = command;
    int needed = text_width(command), indent = width - needed < COMMAND_INDENT ? 0 : COMMAND_INDENT;
    int room = width - indent - 2;
    while (rest) {
        size_t length = strlen(rest), part = length;
        if (length > (size_t)room + 2) {
            part = break_of(rest, (size_t)room);
        }
        lines_begin(lines, 0);
        lines_pad(lines, indent);
        lines_add_bytes(lines, ROLE_LINK, rest, part);
        if (part < length)
            lines_add(lines, ROLE_LINK, " \\");
        rest = part < length ? rest + part + 1 : NULL;
    }
}

/* The address without its path, for a tunnel. */
static int origin_length(const char *url)
{
    const char *host = strstr(url, "://");
    host = host ? host + 3 : url;
    return (int)(host - url + (long)strcspn(host, "/"));
}

static void add_steps(struct lines *lines, const struct ui_config *config, const char *command,
                      int width)
{
    char text[PATH_MAX + 512], with_path[256] = "", url[256] = "";
    int origin = origin_length(config->url);
    bool any_path = strlen(config->url + origin) <= 1;
    if (!any_path)
        snprintf(with_path, sizeof with_path, " and the path %s", config->url + origin);
    if (strcmp(config->url, DEFAULT_URL) != 0)
        snprintf(url, sizeof url, " --url %.*s", any_path ? origin : (int)strlen(config->url),
                 config->url);
    add_text(lines, "1",
             "Make it reachable: Anchor delivers to public addresses only. A tunnel:", width);
    snprintf(text, sizeof text, "cloudflared tunnel --url %.*s", origin, config->url);
    add_command(lines, text, width);
    snprintf(text, sizeof text,
             "Create a webhook in Anchor's dashboard, with the tunnel's address%s. %s", with_path,
             config->verified
                 ? "Its secret, which is shown once, must be the one that anchortop has."
                 : "Copy its secret, which is shown once. Press q and start anchortop again with "
                   "ANCHOR_WEBHOOK_SECRET=… before what you typed.");
    add_text(lines, "2", text, width);
    add_text(lines, "3",
             config->verified ? "Send a test event from there. Or from another shell, which needs "
                                "the secret too (export ANCHOR_WEBHOOK_SECRET=…):"
                              : "Send a test event from there. Without Anchor, from another shell:",
             width);
    snprintf(text, sizeof text, "%s send task.completed%s", command, url);
    add_command(lines, text, width);
}

void first_steps_build(struct lines *lines, const struct ui_config *config, const char *refusal,
                       int width)
{
    char command[PATH_MAX + 16], text[PATH_MAX + 64];
    width = width < LEAST_WIDTH ? LEAST_WIDTH : width;
    lines_add(lines, ROLE_TITLE, "Waiting for events at ");
    lines_wrap(lines, ROLE_LINK, config->url, 0, width);
    if (*refusal) {
        lines_begin(lines, 0);
        lines_add(lines, ROLE_FAILED, "The last delivery was refused: ");
        lines_wrap(lines, ROLE_TEXT, refusal, 0, width);
        lines_begin(lines, 0);
        lines_add(lines, ROLE_DIM, "Press 7 for all deliveries.");
    }
    if (config->demo)
        return;
    own_command(command, sizeof command);
    lines_begin(lines, 0);
    add_steps(lines, config, command, width);
    lines_begin(lines, 0);
    if (!config->verified) {
        lines_begin(lines, 0);
        lines_add(lines, ROLE_INSECURE, "UNVERIFIED");
        lines_wrap(lines, ROLE_TEXT,
                   config->options->insecure
                       ? " There is no secret: whatever anybody sends is believed."
                       : " There is no secret: whatever programs of this machine send is "
                         "believed, and what comes through a tunnel is refused.",
                   0, width);
    }
    lines_begin(lines, 0);
    lines_add(lines, ROLE_DIM, "To look around first:");
    snprintf(text, sizeof text, "%s --demo", command);
    add_command(lines, text, width);
}
