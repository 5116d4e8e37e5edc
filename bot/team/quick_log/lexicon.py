"""The words of the trade, as members write them. Diacritics may be missing in a text, so they are written here."""

from __future__ import annotations

from bot.team.quick_log.words import Phrases, Words

UNCLEAR_SIGNATURE = "csk"
"""Written for both chữ ký số and sổ sức khoẻ: taken as the former, and asked about."""
LEVEL_1 = "vneid_level1"
"""Known so that it is not taken for level 2; the log does not count it."""
ACTIVATION = "activation"
"""Activating or installing something that is not named: VNeID, unless something else is meant."""

OUTCOME_PHRASES = Phrases.of(
    (
        (
            "vneid_level2",
            "vneid,vnied,vned,vneld,vneidd,vnid,vnei,vnedi,vneeid,vneit,vneind,vnneid,app vneid,dùng app vneid,"
            "dùng vneid,sử dụng vneid,xài vneid,ứng dụng vneid,"
            "tài khoản vneid,tk vneid,vneid mức 2,vneid m2,định danh,định danh điện tử,định danh mức 2,"
            "định danh mức độ 2,"
            "định danh điện tử mức 2,định danh điện tử mức độ 2,định danh cấp 2,định danh số,danh tính số,"
            "danh tính điện tử,"
            "tài khoản định danh,tk định danh,tài khoản định danh điện tử,tài khoản định danh mức 2,mức 2,"
            "mức hai,mức độ 2,"
            "đd mức 2,dd muc 2,ddm2,đd m2,!đd,đdđt,ddđt,dddt,đddt mức 2,dddt muc 2,căn cước điện tử,cccd điện tử,"
            "căn cước công dân điện tử,tài khoản mức 2,tk mức 2,lv2,level 2,mã định danh,eid,e-id,vn-eid",
        ),
        (
            LEVEL_1,
            "mức 1,mức một,mức độ 1,định danh mức 1,định danh điện tử mức 1,vneid mức 1,tài khoản mức 1,level 1,"
            "tài khoản định danh mức 1,đd mức 1,dd muc 1",
        ),
        (ACTIVATION, "kích hoạt,kích hoạt tài khoản,active,kh tài khoản"),
        (
            "payment_account",
            "tài khoản ngân hàng,tài khoản nh,tk ngân hàng,tk nh,tknh,tknhang,tkngânhàng,tk nhàng,tk ngân,"
            "tài khoản thanh toán,tk thanh toán,tktt,tài khoản,tk,tài khoản số,tk số,tài khoản ngân hàng số,"
            "ngân hàng,"
            "ngân hàng số,ngân hàng điện tử,app ngân hàng,app nh,thẻ ngân hàng,thẻ atm,thẻ nh,mở thẻ,atm,stk,ví,"
            "ví điện tử,vđt,ví momo,momo,zalopay,zalo pay,ví zalopay,vnpay,ví vnpay,shopeepay,viettel money,"
            "viettel pay,ví viettel,vnpt money,ví vnpt,mobile money,mobile banking,internet banking,smart banking,"
            "smartbanking,ebanking,e-banking,banking,bank,tài khoản agribank,tk agribank,agribank,agri,"
            "vietcombank,vcb,"
            "vietinbank,bidv,mbbank,mb bank,techcombank,vpbank,acb,sacombank,lpbank,shb,hdbank,tpbank,vib,"
            "tài khoản nhận trợ cấp,tk nhận trợ cấp,tài khoản nhận tiền,tk nhận tiền,tài khoản nhận tiền trợ cấp,"
            "tk nhận tiền trợ cấp,tài khoản nhận lương,tài khoản bưu điện,tk bưu điện,tài khoản agri",
        ),
        (UNCLEAR_SIGNATURE, "csk"),
        (
            "digital_signature",
            "chữ ký số,chữ kí số,cks,ck số,cký số,"
            "chữ ký số cá nhân,ckscn,ký số,kí số,chữ ký điện tử,chữ kí điện tử,ckđt,chữ ký,"
            "chữ kí,chứng thư số,cts,smartca,smart ca,vnpt smartca,mysign,my sign,viettel ca,ksố,tk ký số,"
            "tài khoản ký số,tài khoản chữ ký số,tk chữ ký số",
        ),
        (
            "health_book",
            "sổ sức khỏe,sổ sức khỏe điện tử,sổ sk,ssk,sskđt,ssk đt,ssk điện tử,sổ sk điện tử,sổ sk đt,sổ skđt,"
            "sổ sức khỏe đt,sổ khám bệnh,sổ khám bệnh điện tử,hồ sơ sức khỏe,hồ sơ sức khỏe điện tử,hssk,hsskđt,"
            "hs sức khỏe,"
            "hs sk,hồ sơ sk,sức khỏe điện tử,skđt,sổ y bạ,sổ y bạ điện tử,sổ sức khỏe số,bệnh án điện tử,sổ khám,"
            "tài khoản sức khỏe,sổ sức khỏe trên vneid,sổ sức khỏe vneid",
        ),
        (
            "dvc_account",
            "dịch vụ công,dịch vụ công trực tuyến,dịch vụ công quốc gia,dvc,dvctt,dvcqg,dvc trực tuyến,"
            "dvc quốc gia,dvc online,"
            "dịch vụ công online,cổng dịch vụ công,cổng dịch vụ công quốc gia,cổng dvc,cổng dvc quốc gia,cổng dvcqg,"
            "tài khoản dịch vụ công,tài khoản dvc,tk dvc,tk dịch vụ công,tài khoản cổng dịch vụ công,"
            "tài khoản dịch vụ công quốc gia,tài khoản dvcqg,tk dvcqg,nộp hồ sơ,nộp hồ sơ trực tuyến,"
            "nộp hồ sơ online,nộp hs,"
            "nộp hs trực tuyến,nộp hs online,hồ sơ trực tuyến,hồ sơ online,hs trực tuyến,hs online,"
            "nộp hồ sơ dịch vụ công,"
            "nộp hồ sơ dvc,nộp hồ sơ dvctt,hồ sơ dvc,hồ sơ dịch vụ công,thủ tục trực tuyến,làm thủ tục trực tuyến,"
            "thủ tục online,tthc trực tuyến,nộp online,nộp trực tuyến,hồ sơ qua mạng,nộp hồ sơ qua mạng,"
            "nộp hồ sơ dịch vụ công trực tuyến,hồ sơ dịch vụ công trực tuyến",
        ),
        (
            "social_security_account",
            "an sinh,an sinh xã hội,asxh,as xh,tài khoản an sinh,tài khoản an sinh xã hội,tài khoản asxh,tk an sinh,"
            "tk an sinh xã hội,tk asxh,tkasxh,tài khoản hưởng an sinh xã hội,tài khoản hưởng asxh,vssid,"
            "bảo hiểm xã hội số,"
            "tài khoản bhxh,tk bhxh,tài khoản hưởng an sinh,an sinh xh,tk an sinh xh",
        ),
        (
            "basic_digital_skills",
            "kỹ năng số,kĩ năng số,kỹ năng số cơ bản,knsố,kns,kĩ năng số cơ bản,kn số,kỹ năng cơ bản,zalo,"
            "dùng zalo,xài zalo,sử dụng zalo,"
            "cài zalo,tài khoản zalo,tk zalo,gọi zalo,gọi video,gọi video zalo,gọi điện video,video call,"
            "nhắn tin zalo,"
            "dùng điện thoại,xài điện thoại,sử dụng điện thoại,dùng đt,xài đt,sử dụng đt,sd điện thoại,sd đt,"
            "dùng smartphone,"
            "xài smartphone,smartphone,điện thoại thông minh,dùng điện thoại thông minh,xài điện thoại thông minh,"
            "sử dụng điện thoại thông minh,điện thoại cảm ứng,dùng đtdđ,quét mã,quét mã qr,quét qr,"
            "quét mã thanh toán,mã qr,"
            "qr,thanh toán qr,thanh toán bằng mã qr,thanh toán quét mã,chuyển khoản,ck qua app,"
            "thanh toán không dùng tiền mặt,"
            "thanh toán không tiền mặt,ttkdtm,thanh toán trực tuyến,thanh toán online,thanh toán điện tử,"
            "dùng internet,"
            "sử dụng internet,dùng mạng,vào mạng,lên mạng,truy cập mạng,truy cập internet,dùng youtube,"
            "xem youtube,youtube,"
            "dùng facebook,facebook,fb,tra cứu thông tin,tìm kiếm thông tin,tra google,dùng google,bdhvs,"
            "bình dân học vụ số,"
            "bình dân học vụ,tin học,dùng máy tính,sử dụng máy tính,dùng app,công nghệ số,kỹ năng công nghệ số,"
            "kỹ năng dùng điện thoại,kỹ năng sử dụng điện thoại,chuyển tiền,gửi mail,dùng wifi,kết nối wifi,tải app,"
            "bán hàng online,bán hàng trên mạng,mua bán online,dùng ai,chatgpt",
        ),
        (
            "scam_awareness",
            "lừa đảo,lừa đảo qua mạng,lừa đảo trên mạng,lừa đảo online,lừa đảo qua điện thoại,lừa đảo trực tuyến,"
            "lừa đảo công nghệ cao,phòng chống lừa đảo,phòng lừa đảo,chống lừa đảo,phòng tránh lừa đảo,tránh lừa đảo,"
            "né lừa đảo,cảnh báo lừa đảo,cảnh giác lừa đảo,nhận biết lừa đảo,nhận diện lừa đảo,tuyên truyền lừa đảo,"
            "tuyên truyền phòng chống lừa đảo,tuyên truyền về lừa đảo,dặn dò phòng lừa đảo,tt lừa đảo,pcld,pclđ,"
            "ldqm,lđqm,lđ qua mạng,tin nhắn lừa đảo,cuộc gọi lừa đảo,nhận biết tin nhắn lừa đảo,"
            "nhận biết cuộc gọi lừa đảo,lừa đảo mạng,lừa đảo không gian mạng,lừa đảo trên không gian mạng,"
            "an toàn mạng,"
            "an toàn thông tin,attt,an ninh mạng,an toàn không gian mạng,an toàn trên mạng,bảo mật,bảo mật thông tin,"
            "tội phạm công nghệ cao,otp,mã otp,giả danh công an,giả danh,mất tiền qua mạng,bị lừa,bị lừa qua mạng,"
            "chống lừa,phòng lừa,lừa gạt,lừa gạt qua mạng,tuyên truyền lừa,!lđ",
        ),
    ),
    loose=True,
)
"""Codes of what was achieved; ACTIVATION, LEVEL_1 and UNCLEAR_SIGNATURE are sorted out by the reader."""

PERSON, ELDER, CHILD, ADULT, POOR, ETHNIC, DISABLED, OTHER = (
    "person",
    "elderly",
    "child",
    "adult",
    "poor",
    "ethnic_minority",
    "disabled",
    "other",
)
"""What a counted noun tells of people; OTHER counts a share that the log does not hold (women, party members)."""

PEOPLE_NOUNS = Phrases.of(
    (
        (
            PERSON,
            "người,ng,ngừi,ngườ,người dân,nguời,ngưòi,ngời,nhân khẩu,khẩu,thành viên,học viên,bà con,lượt,lượt người,"
            "dân,công dân,suất,trường hợp,bà con nhân dân,nhân dân,hội viên,đoàn viên,cô bác,cô chú,người tham gia,"
            "anh chị em,anh chị,hộ dân,mạng,nhơn khẩu,đại biểu,khách,khách hàng,bác nông dân",
        ),
        (
            ELDER,
            "cụ,cụ già,cụ ông,cụ bà,ông cụ,bà cụ,người già,người cao tuổi,nct,ông bà,ông bà già,ông bà cụ,"
            "người lớn tuổi,"
            "cụ cao tuổi,cao tuổi,lớn tuổi,già,ông già,bà già,ông,bà,bà lão,ông lão,cụ lớn tuổi,ông bà lớn tuổi,"
            "người có tuổi,"
            "hội viên người cao tuổi,!mế,!mệ,!cố,ôn mệ,ông lớn tuổi,bà lớn tuổi,bác cao tuổi,bác lớn tuổi,"
            "bà con cao tuổi,"
            "bà con lớn tuổi,ng già,ng cao tuổi,ng lớn tuổi,ng ct,người ct,già làng,ông cao tuổi,bà cao tuổi,ct",
        ),
        (
            CHILD,
            "trẻ em,trẻ con,trẻ,trẻ nhỏ,em nhỏ,em bé,bé,cháu,cháu nhỏ,cháu bé,con nhỏ,học sinh,hs,nhỏ,đứa nhỏ,"
            "đứa trẻ,"
            "nhi đồng,thiếu nhi,người chưa thành niên,te,sắp nhỏ,con nít,đứa cháu,cháu nội,cháu ngoại,em học sinh",
        ),
        (
            ADULT,
            "người lớn,nl,lớn,ng lớn,vợ chồng,vc,cặp vợ chồng,mẹ con,mạ con,mệ con,cha con,"
            "bố con,ba con,má con,bác cháu,cô cháu,chú cháu,"
            "chị em,anh em,anh,chị,cô,chú,bác,dì,dượng,cậu,mợ,thím,bá,o,mụ,bác gái,bác trai,mẹ,má,bố,cha,vợ,"
            "chồng,con,"
            "người con,con trai,con gái,con dâu,con rể,con cái,đứa con,đứa,em,em trai,em gái,thanh niên,phụ nữ,"
            "chị phụ nữ,"
            "chị em phụ nữ,bố mẹ,ba mẹ,ba má,cha mẹ,mẹ chồng,bạn,ổng,bả,cổ,chỉ dâu,"
            "phụ huynh,giáo viên,công nhân,nàng dâu,dâu,người nhà,bà cháu,"
            "ông cháu,mẹ già,bố già,chị con dâu,lao động,nông dân,người vợ,người chồng,cán bộ,tiểu thương,người trẻ",
        ),
        (POOR, "người nghèo,ng nghèo,người cận nghèo,nghèo,cận nghèo,hộ nghèo,hộ cận nghèo,người khó khăn"),
        (
            ETHNIC,
            "dân tộc,dtts,đbdtts,đồng bào,người dân tộc,ng dân tộc,người dtts,dân tộc thiểu số,"
            "người dân tộc thiểu số,"
            "đồng bào dân tộc,người đồng bào,bà con dân tộc,bà con dtts,đồng bào dtts,bà con đồng bào,"
            "đồng bào dân tộc thiểu số,"
            "bà con dân tộc thiểu số,dân tộc ts",
        ),
        (
            DISABLED,
            "khuyết tật,người khuyết tật,nkt,tàn tật,người tàn tật,tật nguyền,người bị khuyết tật,người bị tật,"
            "bị liệt,liệt,"
            "khiếm thị,người khiếm thị,bị khiếm thị,!người mù,!mù,bị mù,khiếm thính,câm điếc,điếc,người câm điếc,"
            "xe lăn,kt,"
            "người kt,người liệt,người bị liệt,ng khuyết tật,ng tàn tật,khuyết tật nặng,tàn phế,cụt chân,cụt tay",
        ),
        (OTHER, "nữ,nam,đảng viên,nữ giới,nam giới,người nữ,người nam"),
    ),
    slips=True,
)

PEOPLES = Words(
    "mông hmông h'mông dao tày nùng mường khmer khơme chăm xơđăng bana bahnar giarai jrai êđê stiêng s'tiêng "
    "mnông m'nông cơtu katu thổ hrê raglai raglay churu chơro mạ kháng lahủ"
)
"""Peoples in one word that is no other word."""
PEOPLES_OF_TWO_WORDS = Phrases.of(
    (
        (
            ETHNIC,
            "cơ tu,ka tu,xơ đăng,sơ đăng,xê đăng,xơ đăng,ba na,gia rai,ê đê,giẻ triêng,gié triêng,rơ ngao,rơ mâm,"
            "sán dìu,sán chay,"
            "sán chí,cao lan,vân kiều,bru vân kiều,pa cô,tà ôi,tà riềng,khơ mú,ơ đu,ba na,chơ ro,cơ ho,k'ho,x'tiêng,"
            "người hoa,người thái,người thổ,người thanh,người tày,người dao,người mông,người co,người mạ,"
            "người mường,người nùng,"
            "người kinh thượng,dân tộc thái,dân tộc hoa,dân tộc thổ,dân tộc tày,dân tộc dao,dân tộc mông,"
            "dân tộc nùng,"
            "dân tộc mường,dân tộc khmer,dân tộc chăm,ng mông,ng dao,ng tày,ng nùng,ng thái,ng thổ,ng hoa,"
            "người khmer",
        ),
    ),
    slips=False,
)

KIN = Words(
    "ông bà bác cô chú anh chị dì cậu mợ thím dượng cụ cố o mụ mệ mế bá em út thầy bé chế hia má mẹ bố già tía cha"
)
"""Words that a member puts before somebody's name."""
KIN_LETTERS = {"a": "anh", "c": "chị", "b": "bác", "ô": "ông", "e": "em"}
LONG_KIN = Phrases.of(
    (
        ("cô giáo", "cô giáo"),
        ("thầy giáo", "thầy giáo"),
        ("già làng", "già làng"),
        ("anh chị", "anh chị"),
        ("ông bà", "ông bà"),
        ("vợ chồng anh", "vợ chồng anh"),
        ("vợ chồng chị", "vợ chồng chị"),
        ("vợ chồng bác", "vợ chồng bác"),
        ("vợ chồng chú", "vợ chồng chú"),
        ("vợ chồng cô", "vợ chồng cô"),
        ("vợ chồng ông", "vợ chồng ông"),
    ),
    slips=False,
)
ORDINAL_NAMES = {
    "hai": "Hai", "ba": "Ba", "tư": "Tư", "năm": "Năm", "sáu": "Sáu", "bảy": "Bảy", "bẩy": "Bảy", "tám": "Tám",
    "chín": "Chín", "mười": "Mười", "út": "Út", "cả": "Cả", "nhất": "Nhất",
}  # fmt: skip
"""How southern families call their children, by birth."""
SURNAMES = Words(
    "nguyễn trần lê phạm hoàng huỳnh phan vũ võ đặng bùi đỗ hồ ngô dương lý đinh lâm trịnh mai đào đoàn vương "
    "trương lò "
    "vàng giàng lầu sùng thào hứa nông triệu lục ma mã đàm bàn lương hà cao châu thái tạ tô quách lưu điểu thị alăng "
    "bríu bling bhling zơrâm arất ploong clâu pơloong cơlâu hốih hôih riah coor tơngôl y kpă rơ siu ksor kon nay chu "
    "hầu sình thạch sơn danh kim tống nghiêm kiều doãn"
)

HOUSE = Words("nhà hộ gđ hộgđ nhầ")
HOUSE_OF_TWO_WORDS = Phrases.of(
    (("house", "gia đình,hộ gia đình,nhà của,hộ của,hộ nhà,nhà hộ,gđ nhà,hộ gđ"),), slips=False
)
NO_HOUSE = Phrases.of(
    (
        (
            "place",
            "nhà văn hóa,nhà vh,nvh,nhà văn hóa xóm,nhà văn hóa thôn,nhà văn hóa ấp,nhà sinh hoạt,"
            "nhà sinh hoạt cộng đồng,"
            "nhà cộng đồng,nhà rông,nhà gươl,gươl,hội trường,nhà họp,nhà trưởng xóm,nhà trưởng thôn,nhà trưởng ấp,"
            "nhà họp thôn,nhà họp xóm,trụ sở xã,trụ sở thôn,trụ sở ấp,nhà làng,đình làng,sân vận động,nhà thờ,"
            "nhà chùa,!chợ,"
            "chợ phiên,chợ xã,chợ quê",
        ),
    ),
    slips=False,
)

CLASS_WORDS = Phrases.of(
    (
        (
            "class",
            "lớp,lớp học,buổi học,tập huấn,lớp tập huấn,buổi tập huấn,khóa học,lớp bdhvs,lớp kỹ năng,"
            "lớp bình dân học vụ,"
            "học viên,mở lớp,dạy lớp,đứng lớp,lớp kns,buổi lớp,lớp dạy",
        ),
    ),
    slips=False,
)
DESK_WORDS = Phrases.of(
    (
        (
            "one_stop_desk",
            "một cửa,1 cửa,bộ phận một cửa,bp một cửa,bộ phận 1 cửa,quầy,quầy một cửa,quầy 1 cửa,quầy tiếp dân,"
            "quầy số,"
            "trung tâm hành chính,trung tâm hành chính công,trung tâm hcc,tt hcc,tthcc,ttpvhcc,tt pvhcc,tthc công,"
            "trung tâm phục vụ hành chính công,trung tâm phục vụ hcc,trung tâm phục vụ hc công,"
            "tt phục vụ hành chính công,"
            "quầy hành chính công,bộ phận tiếp nhận,bộ phận tiếp nhận và trả kết quả,bộ phận tiếp dân,"
            "hành chính công,"
            "điểm hỗ trợ dịch vụ công,bàn hỗ trợ,bp tiếp nhận,quầy giao dịch,tại ubnd xã,tại ủy ban,tại ub xã,"
            "ở ủy ban",
        ),
    ),
    slips=False,
)
EVENT_WORDS = Phrases.of(
    (
        (
            "public_event",
            "ra quân,ngày hội,lễ phát động,lễ ra quân,phát động,hội nghị,họp thôn,họp xóm,họp ấp,họp bản,họp dân,"
            "hội thi,sự kiện,"
            "hội chợ,ngày chuyển đổi số,ngày hội chuyển đổi số,ngày cđs,chiến dịch,tuyên truyền lưu động,mít tinh,"
            "chiếu phim,sinh hoạt chi hội,sinh hoạt cộng đồng,họp chi bộ,họp phụ nữ,họp chi hội,họp tổ,chào cờ,"
            "ngày hội đại đoàn kết,họp,loa lưu động,chủ nhật xanh,ngày thứ bảy tình nguyện,diễu hành",
        ),
    ),
    slips=False,
)

# Words that end a name typed in small letters, because they begin something else.
NOT_IN_NAMES = Words(
    "cài kích mở làm tạo lập đăng hướng dẫn giúp dạy chỉ bày hỗ trợ cho có ở tại được đc dc và với cùng của là "
    "thì mà "
    "hôm nay qua sáng trưa chiều tối vừa mới đã đang rồi xong sẽ chưa không ko k kh đi vắng bị về trên dưới "
    "trong ngoài "
    "ra vào vô nộp dùng xài sử cấp xin hẹn gặp ghé đến tới sang rồi sau trước lúc ngày thứ ấp thôn xóm bản buôn "
    "làng tổ "
    "cả mỗi đều hết toàn gồm tổng khoảng hơn gần hai mấy vài mươi người ng cụ nghèo cận dân tộc khuyết tật "
    "già tuổi "
    "khẩu nhân em mình tui tôi con cháu vợ chồng mẹ bố cha ba má hộ nhà gđ gia sđt sdt đt điện tài tk vneid định mức "
    "chữ ký ví ngân sổ sức dịch dvc ssk cks tknh asxh zalo tuyên truyền phòng cảnh nói gọi thấy nhờ muốn cần biết "
    "kế bên cạnh gần này kia đó ấy ạ nha nhé đó thôi luôn hồi bữa lại còn nên để tích hợp cập nhật quét đổi sửa "
    "chuyển "
    "thành công kỹ kĩ tập huấn học lớp buổi quầy nhưng do vì máy mạng cũng bằng theo số thêm nữa x tải cùng khi "
    "mua nhận nào"
)
"""Compared without diacritics where a text has none: "mo" may be mở, and names of more than one word are rarer."""
EVERYONE = Phrases.of(
    (
        (
            "everyone",
            "cả nhà,mỗi người,mỗi ng,từng người,tất cả,đều,ai cũng,cho hết,hết cả,cả thảy,toàn bộ,mọi người,"
            "cả gia đình,"
            "hết thảy,mỗi cụ,mỗi bác,ai nấy",
        ),
    ),
    slips=False,
)
BREAKS = frozenset(",.;()+–—•\n")
"""Between clauses."""
NEGATIONS = Words("chưa không ko k kh khong hông hổng hong chẳng chả k0 kg đếch hok")
UNDONE = Words(
    "được đc dc cài làm xong kích đăng mở có thành vào lên nhận hỗ cần gặp ai chịu muốn biết dùng xài hợp tạo lập ký "
    "đồng nộp kịp hướng tải tích"
)
"""After a negation: what makes it say that something was not reached."""
UNSKILLED = Words("biết rành quen nhớ thạo")
"""After a negation: somebody was helped because of that, "làm giúp vì bà không biết chữ"."""
FAILED = Phrases.of((("failed", "thất bại,bị lỗi,báo lỗi"),), slips=False)
ABSENT = Phrases.of(
    (
        (
            "absent",
            "đi vắng,vắng nhà,vắng,đi làm xa,đi làm ăn xa,đi làm,đi rẫy,đi học,đi nương,ở xa,không có nhà,"
            "không ai ở nhà,ko ai ở nhà,không có ai ở nhà,chưa có ai ở nhà,không gặp ai",
        ),
    ),
    slips=False,
)
ASKING = Phrases.of(
    (
        (
            "question",
            "làm sao,thế nào,như thế nào,ở đâu,bao giờ,khi nào,bao nhiêu,được không,được ko,đc ko,đc k,là gì,"
            "phải làm gì,"
            "cho hỏi,cho em hỏi,cho tôi hỏi,cho mình hỏi,xin hỏi,hỏi chút,mấy giờ,ra sao,kiểu gì,muốn,tôi cần,"
            "em cần,nhờ,"
            "làm ntn,ntn,xem số liệu,thống kê,nhiệm vụ,việc hôm nay,giúp tôi,giúp em với,giúp mình với,tại sao,"
            "vì sao,"
            "có phải,hay không,mở lớp mới,tạo lớp,cần gì,cần những gì,mất bao lâu,có mất tiền,phải không",
        ),
    ),
    slips=False,
)
TAUGHT = Words(
    "phòng chống tránh né dặn tuyên truyền tt hướng dẫn hd dạy chỉ nhắc nhở cảnh báo biết để đừng không khỏi"
)
"""Beside "bị lừa": makes it something that people were told of, not something that happened to them."""
PLANNED = Words("sẽ")
