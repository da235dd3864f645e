package web

import (
	"slices"
	"strings"
	"time"
)

// zoneNames are the time zones that one may pick from: those of the districts
// that use Homeline and of the places where their families most often are. Any
// other IANA name is taken too, where it is what somebody has already.
var zoneNames = []string{
	"America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles",
	"America/Anchorage", "Pacific/Honolulu", "America/Puerto_Rico", "Pacific/Guam",
	"America/Halifax", "America/St_Johns", "America/Toronto", "America/Winnipeg", "America/Vancouver",
	"America/Mexico_City", "America/Tijuana", "America/Monterrey", "America/Guatemala", "America/El_Salvador",
	"America/Tegucigalpa", "America/Managua", "America/Costa_Rica", "America/Panama", "America/Havana",
	"America/Santo_Domingo", "America/Port-au-Prince", "America/Bogota", "America/Guayaquil", "America/Lima",
	"America/Caracas", "America/La_Paz", "America/Santiago", "America/Sao_Paulo", "America/Argentina/Buenos_Aires",
	"Europe/London", "Europe/Dublin", "Europe/Lisbon", "Europe/Madrid", "Europe/Paris", "Europe/Berlin",
	"Europe/Rome", "Europe/Warsaw", "Europe/Athens", "Europe/Kyiv", "Europe/Istanbul",
	"Africa/Lagos", "Africa/Cairo", "Africa/Nairobi", "Africa/Johannesburg",
	"Asia/Dubai", "Asia/Karachi", "Asia/Kolkata", "Asia/Dhaka", "Asia/Bangkok", "Asia/Ho_Chi_Minh",
	"Asia/Manila", "Asia/Shanghai", "Asia/Seoul", "Asia/Tokyo", "Australia/Sydney", "Pacific/Auckland", "UTC",
}

// zones are the choices, the district's own first, each with the time it is
// there now: by that one finds one's own.
func zones(v *visitor, chosen string) []optionView {
	label := func(name string) string {
		loc, err := time.LoadLocation(name)
		if err != nil {
			return name
		}
		_, city, found := strings.Cut(name, "/")
		if !found {
			city = name
		}
		city = strings.ReplaceAll(strings.ReplaceAll(city, "_", " "), "/", ", ")
		return v.lang.Say("zone_now", "zone", city, "time", v.now.In(loc).Format("15:04"))
	}
	list := []optionView{{
		Label:    v.lang.Say("zone_of_district", "zone", label(v.district.Settings.Location().String())),
		Selected: chosen == "",
	}}
	offered := zoneNames
	if chosen != "" && !slices.Contains(offered, chosen) {
		offered = append([]string{chosen}, offered...)
	}
	for _, name := range offered {
		list = append(list, optionView{Value: name, Label: label(name), Selected: name == chosen})
	}
	return list
}
