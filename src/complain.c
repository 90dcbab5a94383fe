/*
 * Sentences for the person at the terminal: see complain.h.
 */
#include "complain.h"

#include <langinfo.h>
#include <stdarg.h>
#include <string.h>

#include "text.h"

enum { SENTENCE_SIZE = 16 << 10 };

static void write_sentence(FILE *out, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));

static void write_sentence(FILE *out, const char *format, va_list arguments)
{
    char sentence[SENTENCE_SIZE], clean[SENTENCE_SIZE * 2];
    unsigned flags = strcmp(nl_langinfo(CODESET), "UTF-8") == 0 ? 0 : TEXT_ASCII;
    vsnprintf(sentence, sizeof sentence, format, arguments);
    text_clean(clean, sizeof clean, sentence, strlen(sentence), flags);
    fprintf(out, "anchortop: %s\n", clean);
}

void complain_to(FILE *out, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    write_sentence(out, format, arguments);
    va_end(arguments);
}

void complain(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    write_sentence(stderr, format, arguments);
    va_end(arguments);
}
