"""What is known of states beside the tables: their numbers, and where they lie."""

from __future__ import annotations

from typing import NamedTuple

_COW = """
    USA 2 CAN 20 BHS 31 CUB 40 HTI 41 DOM 42 JAM 51 TTO 52 BRB 53 DMA 54 GRD 55 LCA 56 VCT 57
    ATG 58 KNA 60 MEX 70 BLZ 80 GTM 90 HND 91 SLV 92 NIC 93 CRI 94 PAN 95 COL 100 VEN 101 GUY 110
    SUR 115 ECU 130 PER 135 BRA 140 BOL 145 PRY 150 CHL 155 ARG 160 URY 165 GBR 200 IRL 205
    NLD 210 BEL 211 LUX 212 FRA 220 MCO 221 LIE 223 CHE 225 ESP 230 AND 232 PRT 235 DEU 255
    POL 290 AUT 305 HUN 310 CZE 316 SVK 317 ITA 325 SMR 331 MLT 338 ALB 339 MNE 341 MKD 343
    HRV 344 SRB 345 BIH 346 SVN 349 GRC 350 CYP 352 BGR 355 MDA 359 ROU 360 RUS 365 SUN 365
    EST 366 LVA 367 LTU 368 UKR 369 BLR 370 ARM 371 GEO 372 AZE 373 FIN 375 SWE 380 NOR 385
    DNK 390 ISL 395 CPV 402 STP 403 GNB 404 GNQ 411 GMB 420 MLI 432 SEN 433 BEN 434 MRT 435
    NER 436 CIV 437 GIN 438 BFA 439 LBR 450 SLE 451 GHA 452 TGO 461 CMR 471 NGA 475 GAB 481
    CAF 482 TCD 483 COG 484 COD 490 UGA 500 KEN 501 TZA 510 BDI 516 RWA 517 SOM 520 DJI 522
    ETH 530 ERI 531 AGO 540 MOZ 541 ZMB 551 ZWE 552 MWI 553 ZAF 560 NAM 565 LSO 570 BWA 571
    SWZ 572 MDG 580 COM 581 MUS 590 SYC 591 MAR 600 DZA 615 TUN 616 LBY 620 SDN 625 SSD 626
    IRN 630 TUR 640 IRQ 645 EGY 651 SYR 652 LBN 660 JOR 663 ISR 666 SAU 670 YEM 679 KWT 690
    BHR 692 QAT 694 ARE 696 OMN 698 AFG 700 TKM 701 TJK 702 KGZ 703 UZB 704 KAZ 705 CHN 710
    MNG 712 TWN 713 PRK 731 KOR 732 JPN 740 IND 750 BTN 760 PAK 770 BGD 771 MMR 775 LKA 780
    MDV 781 NPL 790 THA 800 KHM 811 LAO 812 VNM 816 MYS 820 SGP 830 BRN 835 PHL 840 IDN 850
    TLS 860 AUS 900 PNG 910 NZL 920 VUT 935 SLB 940 KIR 946 TUV 947 FJI 950 TON 955 NRU 970
    MHL 983 PLW 986 FSM 987 WSM 990
"""
_WORDS = _COW.split()
#: Correlates of War numbers of states (State System Membership, v2016).
COW = dict(zip(_WORDS[::2], map(int, _WORDS[1::2]), strict=True))
#: Gleditsch-Ward numbers: those of the Correlates of War, but for these.
GW = COW | {
    "DEU": 260, "SRB": 340, "YEM": 678, "KIR": 970, "NRU": 971, "TON": 972, "TUV": 973,
}  # fmt: skip


class Box(NamedTuple):
    """Degrees between which a state lies, with some room on every side."""

    south: int
    north: int
    west: int
    east: int


_BOXES = """
    AFG 29 39 60 75   ARE 22 27 51 57   ARM 38 42 43 47   AUS -56 -9 112 160 AUT 46 50 9 18
    AZE 38 42 44 51   BEL 49 52 2 7     BGD 20 27 88 93   BGR 41 45 22 29    BHR 25 27 50 51
    BLR 51 57 23 33   BRA -34 6 -74 -28 BRN 4 6 114 116   CAN 41 84 -142 -52 CHE 45 48 5 11
    CHN 3 54 73 136   CUB 19 24 -85 -73 CYP 34 36 32 35   CZE 48 52 12 19    DEU 47 56 5 16
    DNK 54 58 8 16    DZA 18 38 -9 12   EGY 21 32 24 38   ESP 27 44 -19 5    ETH 3 15 32 48
    FIN 59 71 19 32   FRA 41 52 -6 10   GBR 49 61 -9 2    GEO 41 44 39 47    GRC 34 42 19 30
    HKG 22 23 113 115 HUN 45 49 16 23   IDN -12 7 94 142  IND 6 38 68 98     IRL 51 56 -11 -5
    IRN 24 40 44 64   IRQ 29 38 38 49   ISR 29 34 34 36   ITA 35 48 6 19     JOR 29 34 34 40
    JPN 20 46 122 154 KAZ 40 56 46 88   KGZ 39 44 69 81   KHM 10 15 102 108  KOR 33 39 124 132
    KWT 28 31 46 49   LAO 13 23 100 108 LBN 33 35 35 37   LKA 5 10 79 82     LTU 53 57 20 27
    LUX 49 51 5 7     LVA 55 59 20 29   MAC 22 23 113 114 MAR 20 36 -18 0    MEX 14 33 -119 -86
    MLI 10 25 -13 5   MMR 9 29 92 102   MNG 41 53 87 120  MYS 0 8 99 120     NIC 10 16 -88 -82
    NLD 50 54 3 8     NOR 57 82 4 32    NPL 26 31 80 89   OMN 16 27 51 60    PAK 23 38 60 78
    PHL 4 22 116 127  POL 49 55 14 25   PRK 37 44 124 131 PRT 32 43 -32 -6   PSE 31 33 34 36
    QAT 24 27 50 52   ROU 43 49 20 30   SAU 16 33 34 56   SGP 1 2 103 105    SRB 42 47 18 24
    SVK 47 50 16 23   SWE 55 70 10 25   SYR 32 38 35 43   THA 5 21 97 106    TJK 36 42 67 76
    TKM 35 43 52 67   TUN 30 38 7 12    TUR 35 43 25 45   TWN 20 27 116 123  UKR 44 53 22 41
    UZB 37 46 55 74   VEN 0 17 -74 -59  VNM 8 24 102 115  YEM 12 19 41 55    ZAF -47 -22 16 38
"""
_CELLS = _BOXES.split()
#: Where states lie. Two cross the meridian of 180 degrees, and have a box on either side.
BOXES: dict[str, tuple[Box, ...]] = {
    _CELLS[at]: (Box(*map(int, _CELLS[at + 1 : at + 5])),) for at in range(0, len(_CELLS), 5)
} | {
    "RUS": (Box(41, 82, 19, 180), Box(60, 82, -180, -168)),
    "USA": (Box(17, 72, -180, -64), Box(13, 54, 144, 180)),
    "NZL": (Box(-53, -29, 165, 180), Box(-53, -29, -180, -175)),
}

#: States that have a town of their own name.
TOWNS_OF_THEIR_NAME = frozenset(
    ["DJI", "GTM", "HKG", "KWT", "LUX", "MAC", "MCO", "MEX", "PAN", "SGP", "SLV", "SMR", "STP"]
)


def is_inside(state: str, latitude: float, longitude: float) -> bool:
    """Tell whether a point can lie in a state; a state that is not known has all points.

    Examples
    --------
    >>> is_inside("PRK", 39.03, 125.75), is_inside("PRK", 55.75, 37.62)
    (True, False)
    """
    return state not in BOXES or any(
        box.south <= latitude <= box.north and box.west <= longitude <= box.east
        for box in BOXES[state]
    )
