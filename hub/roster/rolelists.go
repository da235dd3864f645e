package roster

import (
	"maps"
	"slices"
)

// StaffRoles are the roles of people who work at a school or district, and
// TeachingRoles those of them with which one can teach a section: the table of
// roles, in the form in which a store can search by it.
func StaffRoles() []Role { return rolesWhere(Role.Staff) }

// TeachingRoles are explained at StaffRoles.
func TeachingRoles() []Role { return rolesWhere(Role.teaches) }

func rolesWhere(is func(Role) bool) []Role {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(roles)), func(r Role) bool { return !is(r) })
}
