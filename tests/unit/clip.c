/*
 * What goes into the clipboard: whatever an event holds, a paste of it does nothing.
 */
#include <cjson/cJSON.h>
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../src/text.h"
#include "../../ui/clip.h"

static void assert_seen(const char *name, const char *text)
{
    for (size_t at = 0; text[at];) {
        uint32_t code_point;
        at += text_decode(text + at, strlen(text + at), &code_point);
        cr_expect_not(text_is_unseen(code_point), "%s: U+%04X in %s", name, code_point, text);
    }
}

Test(clip, an_id_is_one_line_of_what_can_be_seen)
{
    static const struct {
        const char *id, *copied;
    } rows[] = {
        {"evt_1", "evt_1"},
        {"evt_1\ntouch /tmp/x #\n", "evt_1 touch /tmp/x #"},
        {"evt_1\r\x1b[201~\x03", "evt_1[201~"},
        {"evt\u202e_1\u200b\u2066", "evt_1"},
        {"evt_1\xc2\x9b", "evt_1"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *copied = clip_line(rows[i].id);
        cr_expect_not(strpbrk(copied, "\r\n\x1b\x03"), "%s", copied);
        assert_seen(rows[i].copied, copied);
        free(copied);
    }
    char *copied = clip_line(rows[1].id);
    cr_expect_str_eq(copied, rows[1].copied);
    free(copied);
}

static const char *const bodies[] = {
    "{\"id\":\"evt_1\"}",
    "{\n\t\"id\" : \"it's \\\"$(touch x)\\\" !! \\n\",\r\n\"n\": 12345678901234567890}",
    "{\"id\":\"`touch x` \\\\ !x\"}",
    "{\"id\":\"'; touch x #\\u0027\\\\'\"}",
    "{\"id\":\"\u202e\u200b\u200d\ufe0f\ufeff\xc2\x9b\x7f\"}",
    "{\"id\":\"\xf3\xa0\x80\xa1 tag, \xf0\x9f\x91\x8d\"}",
};

Test(clip, json_is_one_line_and_keeps_its_values)
{
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        char *copied = clip_json(bodies[i], strlen(bodies[i]));
        assert_seen(bodies[i], copied);
        cJSON *before = cJSON_Parse(bodies[i]), *after = cJSON_Parse(copied);
        cr_expect(before && after && cJSON_Compare(before, after, true), "%s: %s", bodies[i],
                  copied);
        cJSON_Delete(before);
        cJSON_Delete(after);
        free(copied);
    }
    char *copied = clip_json(bodies[1], strlen(bodies[1]));
    cr_expect(strstr(copied, "\"n\":12345678901234567890"), "%s", copied);
    free(copied);
}

/* Runs a copied line in a shell where curl only prints its arguments, a line each. */
static void run_line(const char *shell, const char *line, char *printed, size_t size)
{
    char directory[] = "/tmp/anchortop-clip-XXXXXX", path[64], command[256];
    cr_assert_not_null(mkdtemp(directory));
    snprintf(path, sizeof path, "%s/script", directory);
    FILE *script = fopen(path, "w");
    cr_assert_not_null(script);
    fprintf(script, "curl() { printf '%%s\\n' \"$@\"; }\n%s\n", line);
    fclose(script);
    snprintf(command, sizeof command,
             "cd %s && ANCHOR_WEBHOOK_SECRET=s %s ./script; rm script; ls; cd / && rm -r %s",
             directory, shell, directory);
    FILE *run = popen(command, "r");
    cr_assert_not_null(run);
    size_t length = fread(printed, 1, size - 1, run);
    printed[length] = '\0';
    pclose(run);
}

Test(clip, a_curl_line_means_nothing_but_its_delivery_to_a_shell)
{
    static const char *const shells[] = {"sh", "bash"};
    static const char url[] = "http://127.0.0.1:8484/it's$(touch x)";
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        char *line = clip_curl(bodies[i], strlen(bodies[i]), url);
        assert_seen(bodies[i], line);
        for (size_t s = 0; s < sizeof shells / sizeof *shells; s++) {
            char printed[4096];
            run_line(shells[s], line, printed, sizeof printed);
            char *body = strstr(printed, "--data-binary\n");
            cr_assert_not_null(body, "%s", printed);
            body += strlen("--data-binary\n");
            char *end = strchr(body, '\n');
            cr_assert_not_null(end);
            *end = '\0';
            cJSON *before = cJSON_Parse(bodies[i]), *after = cJSON_Parse(body);
            cr_expect(before && after && cJSON_Compare(before, after, true), "%s", body);
            cJSON_Delete(before);
            cJSON_Delete(after);
            /* The URL is last, and no file has come up. */
            cr_expect(strcmp(end + 1, "http://127.0.0.1:8484/it's$(touch x)\n") == 0, "%s: %s",
                      shells[s], end + 1);
        }
        free(line);
    }
}
