/* Written by csrc/constants.py; edit that. */
#ifndef LRVEC_CONSTANTS_H
#define LRVEC_CONSTANTS_H

/* (2^r - 1) / r on |r| <= 1/2. */
static const double EXP2_QUOTIENT[11] = {
    0x1.62e42fefa39efp-1,
    0x1.ebfbdff82c598p-3,
    0x1.c6b08d704a0c2p-5,
    0x1.3b2ab6fba1ddap-7,
    0x1.5d87fe78a5276p-10,
    0x1.430913096fd9fp-13,
    0x1.ffcbfc670dcd4p-17,
    0x1.62bfd47773353p-20,
    0x1.b524fae627834p-24,
    0x1.e6063f7217bc6p-28,
    0x1.e9d3fe3952179p-32,
};

/* Q in sin(x)^2 = x^2 (1 + x^2 Q(x^2)) for x up to pi / 4. */
static const double SINE_SQUARED[8] = {
    -0x1.5555555555555p-2,
    0x1.6c16c16c16c13p-5,
    -0x1.a01a01a019783p-9,
    0x1.27e4fb771a86dp-13,
    -0x1.1eed8ea6c7954p-18,
    0x1.9396fdb46f278p-24,
    -0x1.ae5a5d377edf7p-30,
    0x1.5eeafc14774f9p-36,
};

/* Q in sin(x)^2 = x^2 (1 + x^2 Q(x^2)) for x up to 32 pi / 1024. */
static const double SINE_SQUARED_NEAR[4] = {
    -0x1.5555555555550p-2,
    0x1.6c16c16bf518cp-5,
    -0x1.a019fd5cbea1fp-9,
    0x1.27b8bf4dbe1e1p-13,
};

/* Q in sin(2 x) = 2 x (1 + x^2 Q(x^2)) for x up to pi / 4. */
static const double DOUBLE_SINE[8] = {
    -0x1.5555555555555p-1,
    0x1.1111111111107p-3,
    -0x1.a01a01a018aadp-7,
    0x1.71de3a5456716p-11,
    -0x1.ae6455a1d7087p-16,
    0x1.6124015b5ee3ap-21,
    -0x1.ae5138c1216b3p-27,
    0x1.89a4866f527ebp-33,
};

/* Q in sin(2 x) = 2 x (1 + x^2 Q(x^2)) for x up to 32 pi / 1024. */
static const double DOUBLE_SINE_NEAR[4] = {
    -0x1.5555555555546p-1,
    0x1.11111110de94fp-3,
    -0x1.a019fb3b2b93bp-7,
    0x1.719be0e9ce221p-11,
};

/* log2(1 + rho) / rho on |rho| <= 1/128. */
static const double LOG2_QUOTIENT[7] = {
    0x1.71547652b82fep+0,
    -0x1.71547652b8326p-1,
    0x1.ec709dc3a0445p-2,
    -0x1.715476489eac2p-2,
    0x1.2776c505ff82ap-2,
    -0x1.ec7ab73b4253fp-3,
    0x1.a6205cd9f27cbp-3,
};

#define LOG2_QUOTIENT_LOW 0x1.777d0ffda0d24p-56 /* the rest of its first coefficient */

#define FINE 32 /* steps to a coarse one, of a half cosine */

#define LONG 512 /* from this length on a half cosine has coarse and fine steps */

#define VERY_LONG 0x1.0000000000000p+32 /* below it the squares of coarse steps are exact */

#define PI_HIGH 0x1.921fb54442d18p+1 /* pi */

#define PI_LOW 0x1.1a62633145c07p-53 /* and its rest */

#define LN2_HIGH 0x1.62e42fefa39efp-1 /* ln 2 */

#define LN2_LOW 0x1.abc9e3b39803fp-56 /* and its rest */

#define TWO_OVER_LN2_HIGH 0x1.71547652b82fep+1 /* 2 / ln 2 */

#define TWO_OVER_LN2_LOW 0x1.777d0ffda0d24p-55 /* and its rest */

#define LOG2_OFFSET UINT64_C(0x3fe6800000000000) /* the bits of the least mantissa, next to sqrt(1/2) */

#define LOG2_CELLS 64 /* in an octave */

/* A head c next to the reciprocal of the cell's middle; -log2(c) on a grid of 2^-20; the rest. */
static const double LOG2_CELL[64][3] = {
    {0x1.6a13cd0000000p+0, -0x1.0014400000000p-1, 0x1.9fecfc569892ap-22},
    {0x1.661ec68000000p+0, -0x1.efec800000000p-2, 0x1.ee8db00b075efp-22},
    {0x1.623fa78000000p+0, -0x1.dfdd800000000p-2, -0x1.42fc81fe3f7cap-23},
    {0x1.5e75bb8000000p+0, -0x1.cffb000000000p-2, 0x1.a252576db22dcp-22},
    {0x1.5ac0568000000p+0, -0x1.c043800000000p-2, -0x1.3454c061e8567p-24},
    {0x1.571ed40000000p+0, -0x1.b0b6800000000p-2, -0x1.34c2490975e65p-28},
    {0x1.5390948000000p+0, -0x1.a153000000000p-2, 0x1.dff8a240dbf44p-23},
    {0x1.5015018000000p+0, -0x1.9218000000000p-2, -0x1.64efff24200d6p-26},
    {0x1.4cab888000000p+0, -0x1.8304c00000000p-2, -0x1.948a9d89af7c6p-22},
    {0x1.49539e0000000p+0, -0x1.7418c00000000p-2, 0x1.41db59c37e8dfp-22},
    {0x1.460cbc8000000p+0, -0x1.6552c00000000p-2, 0x1.6c72e5f39520dp-23},
    {0x1.42d6628000000p+0, -0x1.56b2400000000p-2, 0x1.0f5f626e73108p-22},
    {0x1.3fb0140000000p+0, -0x1.4836400000000p-2, -0x1.e8072c0cf9ff1p-22},
    {0x1.3c995a8000000p+0, -0x1.39de800000000p-2, -0x1.e37d805fed858p-23},
    {0x1.3991c30000000p+0, -0x1.2baa000000000p-2, -0x1.ab61ad9d7315ap-23},
    {0x1.3698df0000000p+0, -0x1.1d98400000000p-2, 0x1.488fcdde3de7cp-22},
    {0x1.33ae458000000p+0, -0x1.0fa8400000000p-2, -0x1.c0df9ead2c44fp-24},
    {0x1.30d1900000000p+0, -0x1.01d9c00000000p-2, 0x1.232bc0146da3ap-24},
    {0x1.2e025c0000000p+0, -0x1.e858000000000p-3, 0x1.62d64ac276a8dp-22},
    {0x1.2b404b0000000p+0, -0x1.cd3c800000000p-3, 0x1.9f3356ff185a7p-24},
    {0x1.288b010000000p+0, -0x1.b260000000000p-3, -0x1.181f069695b9fp-22},
    {0x1.25e2270000000p+0, -0x1.97c2000000000p-3, 0x1.a9e8146ed6c36p-22},
    {0x1.2345678000000p+0, -0x1.7d60800000000p-3, 0x1.b7a8f5d549314p-22},
    {0x1.20b4710000000p+0, -0x1.633a800000000p-3, -0x1.c81acd4d3bc7ap-24},
    {0x1.1e2ef38000000p+0, -0x1.494f800000000p-3, -0x1.08b7cdcaae3c2p-25},
    {0x1.1bb4a40000000p+0, -0x1.2f9e000000000p-3, -0x1.953caa71f773bp-22},
    {0x1.1945380000000p+0, -0x1.1625800000000p-3, -0x1.2bc1889662280p-23},
    {0x1.16e0688000000p+0, -0x1.f9c9000000000p-4, -0x1.705b1db5be007p-22},
    {0x1.1485f10000000p+0, -0x1.c7b5000000000p-4, -0x1.5aa3c194fd28bp-23},
    {0x1.12358e8000000p+0, -0x1.960d000000000p-4, 0x1.3e27e97490580p-22},
    {0x1.0fef010000000p+0, -0x1.64ce000000000p-4, -0x1.2b313f339c92fp-23},
    {0x1.0db20a8000000p+0, -0x1.33f8000000000p-4, 0x1.97173f4a08adfp-23},
    {0x1.0b7e6f0000000p+0, -0x1.0388000000000p-4, 0x1.5e2e044e3c13fp-25},
    {0x1.0953f38000000p+0, -0x1.a6fa000000000p-5, 0x1.fa9db39d603d3p-24},
    {0x1.0732608000000p+0, -0x1.47aa000000000p-5, -0x1.9d206ee4019ccp-30},
    {0x1.05197f8000000p+0, -0x1.d23c000000000p-6, 0x1.02d0179683b09p-22},
    {0x1.03091b8000000p+0, -0x1.16a4000000000p-6, 0x1.d1763e9b37abfp-22},
    {0x1.0101010000000p+0, -0x1.7210000000000p-8, 0x1.32b556203480fp-23},
    {0x1.fc07f00000000p-1, 0x1.6fe8000000000p-7, -0x1.748335e3faf84p-22},
    {0x1.f4465a0000000p-1, 0x1.11ce000000000p-5, -0x1.ca6a411ba07bfp-22},
    {0x1.ecc07b0000000p-1, 0x1.c4e0000000000p-5, -0x1.3fb4b5605757ap-23},
    {0x1.e573ac8000000p-1, 0x1.3aa3000000000p-4, -0x1.694c04f34bf8dp-28},
    {0x1.de5d6e0000000p-1, 0x1.918a000000000p-4, 0x1.9f536b14ecc94p-24},
    {0x1.d77b658000000p-1, 0x1.e72f000000000p-4, -0x1.05e7905df3b66p-22},
    {0x1.d0cb590000000p-1, 0x1.1dcd000000000p-3, 0x1.93b9d85398dc3p-23},
    {0x1.ca4b308000000p-1, 0x1.476a800000000p-3, 0x1.e89056dfac735p-23},
    {0x1.c3f8f00000000p-1, 0x1.7074000000000p-3, 0x1.703cd3190deb6p-22},
    {0x1.bdd2b88000000p-1, 0x1.98ee000000000p-3, -0x1.7705f5636cbc7p-22},
    {0x1.b7d6c40000000p-1, 0x1.c0db800000000p-3, -0x1.4093feb06a0a7p-23},
    {0x1.b203640000000p-1, 0x1.e840800000000p-3, 0x1.f518899cb97fdp-22},
    {0x1.ac57018000000p-1, 0x1.0790c00000000p-2, -0x1.1ac100662e547p-22},
    {0x1.a6d01a8000000p-1, 0x1.1ac0400000000p-2, 0x1.ae6c1d9c3c946p-22},
    {0x1.a16d3f8000000p-1, 0x1.2db1000000000p-2, 0x1.01886cdc80d9ap-22},
    {0x1.9c2d150000000p-1, 0x1.4064800000000p-2, -0x1.c8dca3fbd7f57p-22},
    {0x1.970e4f8000000p-1, 0x1.52dbc00000000p-2, 0x1.fc7ac1424831fp-22},
    {0x1.920fb48000000p-1, 0x1.6519000000000p-2, -0x1.4ec5db59e9144p-26},
    {0x1.8d30190000000p-1, 0x1.771d400000000p-2, -0x1.4ff6a91d5b9dap-22},
    {0x1.886e5f0000000p-1, 0x1.88e9c00000000p-2, 0x1.d59c17d2f93b7p-24},
    {0x1.83c9778000000p-1, 0x1.9a80400000000p-2, -0x1.bc9a63052b69bp-22},
    {0x1.7f40600000000p-1, 0x1.abe1800000000p-2, 0x1.b7d1ee5c1234cp-24},
    {0x1.7ad2208000000p-1, 0x1.bd0f400000000p-2, -0x1.12ab47363fffep-22},
    {0x1.767dce8000000p-1, 0x1.ce0a400000000p-2, 0x1.06851864cb77dp-23},
    {0x1.7242880000000p-1, 0x1.ded4000000000p-2, -0x1.7503950259551p-25},
    {0x1.6e1f768000000p-1, 0x1.ef6d800000000p-2, -0x1.7facfb26dfd05p-22},
};

#endif
