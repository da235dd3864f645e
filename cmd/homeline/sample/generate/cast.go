package main

// cast makes the people one should try first (sample.Cast says who they are),
// and those who have something odd about them.
func (d *district) cast() {
	d.staffCast()
	d.ruiz()
	d.okafor()
	d.brooksAndNair()
	d.oddNames()
}

func (d *district) worker(id, given, family string, roles ...role) *person {
	return d.add(&person{id: id, given: given, family: family, email: id + "@example.org", roles: roles})
}

func (d *district) student(id, given, family, school, grade string, guardians ...string) *person {
	p := &person{id: id, given: given, family: family, grade: grade, roles: []role{{"student", school}}, agents: guardians}
	if grade >= "06" && grade <= "12" {
		p.email = id + "@example.org"
	}
	return d.add(p)
}

func (d *district) guardian(id, given, family, relation string, students ...string) *person {
	return d.add(&person{
		id: id, given: given, family: family, email: id + "@example.com",
		roles: []role{{relation, office}}, agents: students,
	})
}

func (d *district) staffCast() {
	d.worker("ruth-abernathy", "Ruth", "Abernathy", role{"districtAdministrator", office})
	d.worker("arjun-mehta", "Arjun", "Mehta", role{"systemAdministrator", office})
	d.worker("carmen-ortiz", "Carmen", "Ortiz", role{"principal", high})
	d.worker("james-whitfield", "James", "Whitfield", role{"counselor", high})
	d.worker("wei-chen", "Wei", "Chen", role{"teacher", high})
	d.worker("tobias-falk", "Tobias", "Falk", role{"teacher", high})
	d.worker("leila-haddad", "Leila", "Haddad", role{"teacher", high})
	d.worker("peter-novak", "Peter", "Novák", role{"teacher", high})
	d.worker("helen-strand", "Helen", "Strand", role{"principal", cedar})
	d.worker("grace-okafor", "Grace", "Okafor", role{"teacher", cedar}, role{"parent", office})
	d.worker("sam-delgado", "Sam", "Delgado", role{"aide", cedar})
	d.worker("ines-moreau", "Inès", "Moreau", role{"teacher", middle})
	d.worker("walter-kim", "Walter", "Kim", role{"principal", middle})
	d.worker("dolores-vance", "Dolores", "Vance", role{"proctor", high})
}

// ruiz: siblings across schools.
func (d *district) ruiz() {
	d.student("leo-ruiz", "Leonardo", "Ruiz", cedar, "04", "ana-ruiz", "marco-ruiz").preferred = "Leo"
	d.student("eva-ruiz", "Eva", "Ruiz", middle, "07", "ana-ruiz", "marco-ruiz")
	d.guardian("ana-ruiz", "Ana", "Ruiz", "parent")
	d.guardian("marco-ruiz", "Marco", "Ruiz", "parent")
}

// okafor: a teacher of the elementary school whose son is at the high school.
func (d *district) okafor() {
	d.student("chidi-okafor", "Chidi", "Okafor", high, "09", "grace-okafor")
}

// brooksAndNair are separated: Maya is tied to both, Owen to his father and the
// father's wife, Asha to her mother only.
func (d *district) brooksAndNair() {
	d.student("maya-brooks-nair", "Maya", "Brooks-Nair", high, "09", "daniel-brooks", "priya-nair")
	d.student("owen-brooks", "Owen", "Brooks", cedar, "02", "daniel-brooks", "kelly-brooks")
	d.student("asha-nair", "Asha", "Nair", charter, "05")
	d.guardian("daniel-brooks", "Daniel", "Brooks", "parent")
	d.guardian("kelly-brooks", "Kelly", "Brooks", "guardian")
	d.guardian("priya-nair", "Priya", "Nair", "parent", "asha-nair")
}

func (d *district) oddNames() {
	// Two guardians who share one address.
	d.student("linh-nguyen", "Linh", "Nguyễn", high, "10")
	d.guardian("hung-nguyen", "Hùng", "Nguyễn Văn", "parent", "linh-nguyen").email = "gia.dinh.nguyen@example.com"
	d.guardian("mai-tran", "Mai", "Trần Thị", "parent", "linh-nguyen").email = "gia.dinh.nguyen@example.com"
	// A grandmother without an address.
	d.student("danylo-kovalenko", "Данило", "Коваленко", middle, "06")
	d.guardian("olena-kovalenko", "Олена", "Коваленко", "relative", "danylo-kovalenko").email = ""
	// Written from right to left, and in characters.
	d.student("yusuf-alkhatib", "يوسف", "الخطيب", cedar, "04", "fatima-alkhatib")
	d.guardian("fatima-alkhatib", "فاطمة", "الخطيب", "parent")
	d.student("xiaoming-wang", "小明", "王", high, "09", "fang-li")
	d.guardian("fang-li", "芳", "李", "parent")
	// One word, very long, apostrophe, hyphen.
	d.student("teguh", "Teguh", "", high, "11", "sukarno")
	d.guardian("sukarno", "Sukarno", "", "guardian")
	d.student("maria-fernandez", "María de los Ángeles Guadalupe", "Fernández-Echeverría y Villalobos de la Torre", charter, "08",
		"consuelo-fernandez")
	d.guardian("consuelo-fernandez", "Consuelo Inmaculada", "Fernández-Echeverría y Villalobos de la Torre", "parent")
	d.student("sean-oconnor-smyth", "Seán", "O’Connor-Smyth", middle, "08", "niamh-oconnor")
	d.guardian("niamh-oconnor", "Niamh", "O'Connor", "parent")
}
