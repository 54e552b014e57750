"""Writes areas.csv and area_events.csv from three tables of administrative units.

Usage: make_areas.py FOLDER, with the tables named in README.md. Names are joined by code and date, never by name.
"""
import csv
import re
import sys
import unicodedata
from pathlib import Path

OUT = Path(__file__).parent
BASIS = "NQ 1680/NQ-UBTVQH15 (16/6/2025)"
# Units that had ended before the tables begin: id, full name, district, last day, basis, successors.
EARLIER = [
    ("old.gio-linh.gio-chau", "Xã Gio Châu", "huyen.gio-linh", "2024-12-31",
     "Đề án sắp xếp 2023-2025 (NQ 34/NQ-HĐND tỉnh, 10/5/2024); ngày hiệu lực cần đối chiếu",
     ["old.gio-linh.gio-linh", "old.gio-linh.gio-quang"]),
]
PROVINCES = {"44": "tinh.quang-binh", "45": "tinh.quang-tri-cu"}


def slug(text):
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def bare(name):
    return re.sub(r"^(Xã|Phường|Thị trấn|Thị Trấn|Đặc khu|Huyện|Thị xã|Thị Xã|Thành phố|Thành Phố|Tỉnh)\s+", "", name)


def rows(folder, name):
    with open(Path(folder) / name, encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def main(folder):
    areas, events, seen = [], [], set()

    def add(id, code, system, level, full_name, parent, start, end, basis, lat="", lon=""):
        assert id not in seen, f"{id} twice"
        seen.add(id)
        name = bare(full_name)
        areas.append([id, code, system, level, name, full_name, parent, start, end, basis, lat, lon])

    province_basis = "NQ 202/2025/QH15 (12/6/2025)"
    add("tinh.quang-tri", "44", "gso-2025", "province", "Tỉnh Quảng Trị", "", "2025-07-01", "", province_basis)
    add("tinh.quang-tri-cu", "45", "gso-2024", "province", "Tỉnh Quảng Trị", "", "", "2025-06-30", province_basis)
    add("tinh.quang-binh", "44", "gso-2024", "province", "Tỉnh Quảng Bình", "", "", "2025-06-30", province_basis)
    events.append(["2025-07-01", "merge", "tinh.quang-tri-cu;tinh.quang-binh", "tinh.quang-tri", province_basis])
    districts = {}
    for row in rows(folder, "legacy_districts_before_2025-07-01.csv"):
        id = "huyen." + slug(bare(row["district"]))
        if id in seen:
            id += "-" + row["district_code"]
        districts[row["district_code"]] = id
        add(id, row["district_code"], "gso-2024", "district", row["district"], PROVINCES[row["province_code"]], "",
            row["valid_to"], BASIS)
    communes = {}
    for row in rows(folder, "quangtri_communes_2025.csv"):
        id = "qt." + slug(row["name"])
        communes[row["code"]] = id
        full = row["full_name"]
        basis = row["legal_basis"].replace("codes QĐ", "mã theo QĐ")
        add(id, row["code"], "gso-2025", "commune", full, "tinh.quang-tri", row["valid_from"], "", basis, row["lat"], row["lon"])
    merged = {}
    for row in rows(folder, "quangtri_succession_2025.csv"):
        district = districts[row["old_district_code"]]
        id = "old." + district.removeprefix("huyen.") + "." + slug(bare(row["old_name"]))
        if id in seen:
            id += "-" + row["old_code"]
        add(id, row["old_code"], "gso-2024", "commune", row["old_name"], district, "", "2025-06-30", BASIS)
        merged.setdefault(row["new_code"], []).append(id)
    for code, old in merged.items():
        events.append(["2025-07-01", "merge", ";".join(old), communes[code], BASIS])
    for id, full, district, end, basis, successors in EARLIER:
        add(id, "", "gso-2024", "commune", full, district, "", end, basis)
        events.append([end, "split", id, ";".join(successors), basis])
    events.append(["2025-07-01", "abolish", ";".join(districts.values()), "", BASIS])
    header = ["id", "code", "code_system", "level", "name", "full_name", "parent", "valid_from", "valid_to",
              "legal_basis", "lat", "lon"]
    for name, head, table in [("areas.csv", header, areas),
                              ("area_events.csv", ["date", "kind", "from", "to", "legal_basis"], events)]:
        with open(OUT / name, "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(head)
            writer.writerows(table)
    print(f"{len(areas)} areas, {len(events)} events")


if __name__ == "__main__":
    main(sys.argv[1])
