"""The firm's people, the steps that its work orders pass, and its projects."""

from __future__ import annotations

from fieldwork.demo_data.shapes import Colleague, Step, Undertaking

# One record per line reads as a table, so the formatter stays out.
# fmt: off
COLLEAGUES = (
    Colleague("karin", "Karin", "Bergström", "owner"),
    Colleague("annika", "Annika", "Lind", "coordinator"),
    Colleague("jonas", "Jonas", "Ekdahl", "performer"),
    Colleague("samira", "Samira", "Haddad", "performer"),
    Colleague("peter", "Peter", "Nordin", "performer"),
    Colleague("mikael", "Mikael", "Strand", "performer"),
    Colleague("linnea", "Linnea", "Björk", "performer"),
    Colleague("goran", "Göran", "Vidal", "performer"),
)

STEPS = (
    Step("Planerad", "open"),
    Step("Pågående", "open"),
    Step("Klar", "completed", "triggers_export"),
    Step("Fakturerad", "completed", "set_after_success"),
    Step("Behöver åtgärd", "completed", "set_after_failure"),
    Step("Avbruten", "cancelled"),
)

# The first eight are in the books too.
PROJECTS = (
    Undertaking("24-017", "Stambyte Brf Kastanjen, etapp 1", "10001", -610, -240, finished=True),
    Undertaking("25-004", "Stambyte Brf Kastanjen, etapp 2", "10001", -235, 150,
                notes="Trapphus C-E. Tillträde vardagar 7-16."),
    Undertaking("25-009", "Nya undercentralen, Brf Sjöutsikten", "10002", -180, 40),
    Undertaking("25-012", "Laddplatser Linnéporten", "10010", -120, 25),
    Undertaking("25-015", "Storköket, Restaurang Bryggan", "10008", -95, None),
    Undertaking("25-018", "Solceller Kungälvs Konferens", "10021", -70, 60),
    Undertaking("25-020", "Badrum Nyström", "10036", -45, 20, notes="ROT, två sökande."),
    Undertaking("25-024", "Värmepump Särö", "10035", -12, 14),
    Undertaking("25-027", "Relining stam B, Brf Utsikten i Majorna", "Brf Utsikten i Majorna", -25, 45),
    Undertaking("25-028", "Belysning i parkeringsdäck", "Backaplans Parkering AB", -18, 30),
    Undertaking("25-030", "Tvättstugor Guldheden", "Guldhedens Bostäder AB", -8, 75,
                notes="Tre tvättstugor, en i taget. Nyckel hos vaktmästaren."),
    Undertaking("25-031", "Ny servisledning Sävedalens Tennis", "Sävedalens Tennisklubb", -4, 50),
)
