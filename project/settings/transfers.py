"""The settings of long transfers, bulk loads and exports, as a part of every configuration. Standard library only."""

from project.settings.declarations import number, setting


class TransferSettings:
    """How much a transfer may bring, how long it may take, and how many there may be."""

    TRANSFER_MAX_BYTES = setting(
        "TRANSFER_MAX_BYTES",
        8_589_934_592,
        number(1, 2**50),
        "Bytes of a bulk load or of an export; MAX_CONTENT_LENGTH does not apply to these.",
    )
    TRANSFER_SECONDS = setting(
        "TRANSFER_SECONDS",
        1800,
        number(1, 86_400),
        "The time limit of a bulk load or an export.",
    )
    TRANSFER_STALL_SECONDS = setting(
        "TRANSFER_STALL_SECONDS",
        30,
        number(1, 3600),
        "A bulk load whose client sends less than 1 KiB in so many seconds ends, as does an export whose client reads "
        "nothing.",
    )
    TRANSFERS_AT_ONCE = setting(
        "TRANSFERS_AT_ONCE",
        2,
        number(1, 255),
        "Bulk loads and exports of one server process at once, and always fewer than WEB_THREADS; further ones get "
        "503.",
    )
    BULK_MAX_LINE_BYTES = setting(
        "BULK_MAX_LINE_BYTES",
        4096,
        number(64, 1_048_576),
        "Bytes of one line of a bulk load; a longer line is invalid.",
    )
    BULK_CHUNK_LINES = setting(
        "BULK_CHUNK_LINES",
        10_000,
        number(1, 1_000_000),
        "Lines of a bulk load that are written in one transaction.",
    )
