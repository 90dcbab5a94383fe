/*
 * SipHash with one round a block and three at the end, after https://www.aumasson.jp/siphash/.
 */
#include "hash.h"

#include <openssl/rand.h>
#include <string.h>

enum { BLOCK = 8 };

struct sip {
    uint64_t v0, v1, v2, v3;
};

bool hash_seed_random(struct hash_seed *seed)
{
    return RAND_bytes((unsigned char *)seed->words, sizeof seed->words) == 1;
}

static uint64_t rotate(uint64_t word, unsigned bits)
{
    return word << bits | word >> (64 - bits);
}

static void mix(struct sip *sip)
{
    sip->v0 += sip->v1;
    sip->v1 = rotate(sip->v1, 13) ^ sip->v0;
    sip->v0 = rotate(sip->v0, 32);
    sip->v2 += sip->v3;
    sip->v3 = rotate(sip->v3, 16) ^ sip->v2;
    sip->v0 += sip->v3;
    sip->v3 = rotate(sip->v3, 21) ^ sip->v0;
    sip->v2 += sip->v1;
    sip->v1 = rotate(sip->v1, 17) ^ sip->v2;
    sip->v2 = rotate(sip->v2, 32);
}

static void absorb(struct sip *sip, uint64_t block)
{
    sip->v3 ^= block;
    mix(sip);
    sip->v0 ^= block;
}

uint64_t hash_text(const struct hash_seed *seed, uint64_t tweak, const char *text)
{
    struct sip sip = {
        .v0 = seed->words[0] ^ UINT64_C(0x736f6d6570736575),
        .v1 = seed->words[1] ^ UINT64_C(0x646f72616e646f6d),
        .v2 = seed->words[0] ^ UINT64_C(0x6c7967656e657261),
        .v3 = seed->words[1] ^ UINT64_C(0x7465646279746573),
    };
    size_t length = strlen(text);
    uint64_t block;

    absorb(&sip, tweak);
    for (; length >= BLOCK; text += BLOCK, length -= BLOCK) {
        memcpy(&block, text, BLOCK);
        absorb(&sip, block);
    }
    /* What is left, never with a zero before its end, is its own padding: no text contains one. */
    block = 0;
    memcpy(&block, text, length);
    absorb(&sip, block);
    sip.v2 ^= 0xff;
    for (int i = 0; i < 3; i++)
        mix(&sip);
    return sip.v0 ^ sip.v1 ^ sip.v2 ^ sip.v3;
}
