package oneroster

// Limits of a delivery. Going over one ends the import with an error that names
// the file and line, before anything is changed.
const (
	// MaxArchive is the size of a zip in bytes.
	MaxArchive = 2 << 30
	// MaxEntries is how many entries a zip, or a folder, may have.
	MaxEntries = 10_000
	// MaxFile is the size of one CSV file in bytes, unpacked. It is counted
	// while reading: what a zip says of itself is not believed.
	MaxFile = 2 << 30
	// MaxRatio is how much smaller a zip may have made a file of more than
	// RatioFrom bytes. Rosters are made 5 to 20 times smaller.
	MaxRatio  = 200
	RatioFrom = 16 << 20
	// MaxRow is the size of one row in bytes, quoted line breaks included.
	MaxRow = 1 << 20
	// MaxColumns is how many cells a row may have.
	MaxColumns = 1_000
	// MaxRows is how many rows a file may have, empty lines not counted.
	MaxRows = 5_000_000
	// MaxRefused is how many rows may be refused in one delivery.
	MaxRefused = 300_000
	// MaxCorrections is how many different corrections are named one by one.
	// Further ones are named by their lines; they never end an import.
	MaxCorrections = 500_000
)

// Limits of single cells. An identifier that is longer refuses its row; a name
// or title is cut.
const (
	maxID    = 255 // bytes, as OneRoster has it
	maxText  = 200 // characters
	maxEmail = 254 // bytes, RFC 5321
	maxQuote = 60  // bytes of a cell repeated in a reason
	// maxRowLines is over how many lines a row may go. A quote that somebody
	// forgot to close swallows the lines after it.
	maxRowLines = 20
)
