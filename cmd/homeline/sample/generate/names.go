package main

// culture is where a family's names come from.
type culture struct {
	weight   int // of a hundred families
	families []string
	givens   []string
}

var cultures = []culture{
	{44,
		[]string{"Abbott", "Baker", "Bennett", "Carter", "Coleman", "Dawson", "Ellis", "Fletcher", "Foster", "Grant", "Hayes",
			"Hughes", "Jenkins", "Lawson", "Marsh", "Miller", "Osborne", "Palmer", "Reed", "Sawyer", "St. James", "Thornton",
			"Turner", "Walsh", "Whitaker", "Young"},
		[]string{"Abigail", "Aiden", "Alice", "Amelia", "Anthony", "Benjamin", "Caleb", "Charlotte", "Clara", "Daniel", "Eleanor",
			"Emily", "Ethan", "George", "Hannah", "Henry", "Isaac", "Jack", "Jonah", "Julia", "Liam", "Lucy", "Mason", "Mia",
			"Nathan", "Nora", "Oliver", "Rose", "Ruby", "Samuel", "Sophie", "Thomas", "Victoria", "William"}},
	{24,
		[]string{"Aguilar", "Castillo", "Delgado", "Domínguez", "García", "Gutiérrez", "Hernández", "López", "Mendoza",
			"Núñez", "Peña", "Ramírez", "Rivera", "Salazar", "Vázquez"},
		[]string{"Adriana", "Alejandro", "Beatriz", "Camila", "Carlos", "Diego", "Elena", "Emilio", "Fernanda", "Gabriel",
			"Isabel", "Javier", "José", "Lucía", "Luis", "Mateo", "Miguel", "Paloma", "Rocío", "Santiago", "Sofía", "Valentina"}},
	{7,
		[]string{"Bùi", "Đặng", "Đỗ", "Hoàng", "Lê", "Phạm", "Võ", "Vũ"},
		[]string{"An", "Bảo", "Dũng", "Hạnh", "Hương", "Khánh", "Lan", "Minh", "Ngọc", "Phúc", "Quỳnh", "Thảo", "Tuấn"}},
	{6,
		[]string{"陈", "黄", "刘", "吴", "杨", "张", "周"},
		[]string{"建国", "静", "丽华", "明", "思雨", "伟", "小红", "欣怡", "子涵"}},
	{4,
		[]string{"Chen", "Lin", "Liu", "Wong", "Zhang"},
		[]string{"Cheng", "Hui", "Jian", "Kai", "Lei", "Ming", "Xin", "Yan"}},
	{5,
		[]string{"الحسن", "العلي", "حداد", "منصور", "نصر"},
		[]string{"أحمد", "خالد", "زينب", "سارة", "عمر", "ليلى", "محمد", "مريم", "نور"}},
	{5,
		[]string{"Бондаренко", "Иванова", "Мельник", "Петренко", "Шевченко"},
		[]string{"Анна", "Богдан", "Ирина", "Максим", "Мария", "Олексій", "Софія", "Тарас"}},
	{5,
		[]string{"Iyer", "Kapoor", "Patel", "Rao", "Singh", "Subramaniam"},
		[]string{"Aarav", "Ananya", "Dev", "Ishaan", "Kavya", "Meera", "Nikhil", "Rohan", "Saanvi"}},
}

// staffNames are the names of those who work at the schools beside the cast.
var staffNames = [][2]string{
	{"Margaret", "Ashworth"}, {"Luis", "Bautista"}, {"Naomi", "Bergström"}, {"Calvin", "Brandt"}, {"Yolanda", "Cruz"},
	{"Stephen", "D'Angelo"}, {"Olivia", "Dupont"}, {"Hiroshi", "Endo"}, {"Rebecca", "Feldman"}, {"Gloria", "Gallegos"},
	{"Marcus", "Hale"}, {"Amina", "Hassan"}, {"Patrick", "Keane"}, {"Sunita", "Krishnan"}, {"Victor", "Lindqvist"},
	{"Teresa", "Maldonado"}, {"Robert", "McAllister"}, {"Chiara", "Moretti"}, {"Kwame", "Osei"}, {"Janet", "Prescott"},
	{"Deborah", "Quinn"}, {"Andreas", "Richter"}, {"Linda", "Sandoval"}, {"Philip", "Tate-Harrison"},
	{"Katarzyna", "Wójcik"}, {"Eleanor", "Yates"}, {"Ibrahim", "Zafar"}, {"Monique", "Zeller"},
}
