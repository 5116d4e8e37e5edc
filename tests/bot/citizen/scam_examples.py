"""Messages that the scam check was developed on: written from the fact sheet, none of them from a real person.

Every name, number and address is made up. The held-out messages that measure it stand in tests/scam/messages.tsv.
"""

# ruff: noqa: E501

SCAMS = """\
Xin chào, tôi là thượng uý Hùng, công an quận 3, hiện anh đang liên quan tới một vụ án hình sự
Bạn có 1 thông báo phạt nguội chưa xử lý, xem tại csgt-vn.net
Thẻ BHYT của ông bà bị khoá do dùng sai mục đích, gọi 1900xxxx để được hỗ trợ
Sau khi bỏ cấp huyện, bà con phải đổi lại căn cước, đăng ký qua link để khỏi phải lên xã
Cô ơi con bên trung tâm hành chính công, hồ sơ đất của cô đã xong, cô cài ứng dụng con gửi để nhận kết quả
VNeID cua ban sap het han, vui long gia han tai vneid-giahan.com
cập nhật app thuế điện tử etax mobile bản mới tại etaxmobile.cc
Chị nhận được mã chưa chị, chị đọc cho em 6 số để em kích hoạt sổ sức khoẻ điện tử
Techcombank tri an KH, tang 500k khi dang nhap tai techcombank-quatang.vip
Tài khoản của anh vừa phát sinh giao dịch 9.800.000đ tại nước ngoài, nếu không phải anh làm thì bấm vào đây huỷ: bit.ly/huygd
Nước sạch thông báo đồng hồ nhà mình quá hạn kiểm định, phải đóng 500k hôm nay không là khoá nước, chuyển vào stk này
Cảnh báo!!! SIM của bạn sẽ bị thu hồi sau 24h vì chưa chính chủ. Truy cập simchinhchu.online
Em gọi từ giao hàng tiết kiệm, đơn của chị tiền ship 18k, chị ck trước giúp em nha, nhà chị khoá cổng em gửi bác bảo vệ
chi chuyen nham vao stk dang ky hoi vien roi, moi thang se tru 3tr5, bam link nay de huy
Bà ơi cháu Tuấn đây, cháu đâm xe người ta phải đền 30 triệu, bà đừng nói với bố mẹ cháu
Con là bạn của Hoa, Hoa đang nằm viện cần mổ gấp, bác gửi tiền viện phí qua tài khoản bác sĩ
a ơi cho e mượn đỡ 3tr tối e trả, tk ngân hàng e đang bị lỗi
Mình đang kẹt ở sân bay mất ví, chuyển giúp mình 5 triệu qua số tài khoản này nhé
Công việc gõ văn bản tại nhà, trả 50k/trang, nộp phí giữ tài liệu 150k
Bạn được chọn làm người đánh giá khách sạn, mỗi lượt 50 nghìn, nhắn Telegram @abc
Tuyển lao động sang Campuchia làm chăm sóc khách hàng lương 25 triệu bao ăn ở
Đầu tư 10 triệu nhận 3 triệu mỗi tuần, rút vốn bất cứ lúc nào
sàn vàng quốc tế uy tín, thầy kéo lệnh miễn phí, vào nhóm ngay
Chúc mừng bác trúng thưởng sổ tiết kiệm 100 triệu từ đài truyền hình, bác nộp thuế 2 triệu nhận giải
Facebook kỷ niệm 20 năm tặng bạn 1 phần quà, nhập thông tin nhận quà tại đây fbgift.club
quét mã QR này để nhận lì xì từ ngân hàng
Vay tiêu dùng lãi suất 0% duyệt online, không cần chứng minh thu nhập, đóng trước phí bảo hiểm khoản vay 1tr2
Anh muốn kết hôn với em, anh gửi quà về rồi, bên vận chuyển họ gọi em đóng thuế 25 triệu nhé
Bán iphone 15 giá 5 triệu, cọc trước 1 triệu ship tận nơi
Vé máy bay tết 500k khứ hồi, chuyển khoản trong 30 phút để giữ vé
Tôi lỡ gửi nhầm tiền vào tài khoản anh, đề nghị anh trả lại kèm lãi nếu không tôi kiện
Anh nhận tiền chưa, em ck rồi nhé, xem bill đây, anh giao hàng cho shipper luôn
VP luật hỗ trợ nạn nhân bị lừa đảo qua mạng lấy lại tiền, phí trước 10%
Acc zalo bị báo cáo, vào zalo-baomat.site xác minh trong 12h
gọi video thấy mặt con gái mà tiếng rè rè, bảo chuyển tiền gấp
Có số +1 (845) gọi hoài không biết ai
Nó bảo tải UltraViewer để sửa lỗi dịch vụ công cho mình
tai vneid phien ban 3.0 tai day: http://vneid.gov.vn.tai-ngay.xyz/vneid.apk
mở link shopee-trungthuong .com nhập mã nhận iphone nha bác
vneid chấm top
Có một anh nói làm bên công an tỉnh bảo con trai tôi đánh nhau, nộp 50 triệu thì cho về
tôi vừa nghe điện thoại của một cô, cô ấy bảo thẻ bảo hiểm của tôi bị người ta dùng ở Hà Nội, chuyển máy gặp công an
họ gửi cho tôi giấy có đóng dấu đỏ ghi tên tôi, bảo không ra trình diện sẽ bắt
Cháu là cán bộ tư pháp xã, cháu cần bác đọc số căn cước và số tài khoản để làm hồ sơ hưởng trợ cấp 500k
Bạn trai quen qua mạng bảo em góp tiền chơi sàn, lãi gấp đôi
Anh đang làm cho liên hợp quốc, cuối năm anh về VN cưới em, em nhận giúp anh kiện hàng
Đơn hàng TikTok shop của chị bị lỗi thanh toán, chị bấm vào link hoàn tiền nhập số thẻ nhé
Shop ơi mình chuyển dư 2tr rồi, shop chuyển lại giúp mình qua link này nhé
Hệ thống báo sim 10 số của anh trúng thưởng gói quà 50 triệu
Trung tâm bảo hành Viettel xin tặng bác điện thoại 5G, bác cho xin địa chỉ và 100k phí vận chuyển
chị ơi em gửi hàng cho chị rồi mà chị chưa thanh toán, chị quét mã này giúp em 49k
Hội người cao tuổi phát thuốc bổ miễn phí, bác chỉ đóng 300k tiền thuế
ứng dụng nông nghiệp xanh trồng cây nhận lãi ngày, nạp 200k nhận 20k mỗi ngày
Đặt cược hộ em một lệnh 3 triệu, em chia hoa hồng 30%
Cty TNHH Hải Hà tuyển công nhân gấp hàng tại nhà, cọc 200k tiền nguyên liệu
Bạn còn nợ quá hạn 3.500.000đ, nếu không thanh toán trước 17h chúng tôi sẽ liên hệ toàn bộ danh bạ
Điện thoại tôi hiện cửa sổ báo nhiễm 5 virus, bấm tải ứng dụng diệt ngay
Gmail của bạn đầy, xác minh tại mail-google-verify.site để không mất dữ liệu
VCB Digibank ban da dang ky dich vu thu phi 2.000.000d/thang. De huy truy cap http://vcbhuyphi.com
Kính gửi phụ huynh, vì trường đổi tài khoản thu học phí, đề nghị chuyển vào tài khoản cô kế toán Nguyễn Thị X trước 15h
Em là nhân viên điện máy, bảo hành tủ lạnh của cô trúng 1 chỉ vàng, cô đọc mã cho em
sms tên BO CONG AN kêu vô trang bocongan-vn.com khai báo
Có clip nóng của anh, chuyển 10 triệu bằng bitcoin không tôi phát tán
Ông thầy trên facebook nói nhà tôi có vong, gửi 5 triệu cúng giải hạn
mời anh chị tham gia khoá học làm giàu miễn phí qua zoom, nhận mã cổ phiếu tăng trần
Ban quản lý chợ thu tiền qua mã QR mới, bà con quét mã bên dưới nộp trước
Link xem camera vụ tai nạn sáng nay ở xã mình nè: clip-tainan.xyz
anh giúp em nhận mã OTP về số anh với, em bị mất sim
Tải app Sở Giao thông để nhận lại bằng lái bị thu, gửi qua zalo bác nha
Ngân hàng nhà nước yêu cầu bác xác thực tài khoản hưu trí, bác bấm nút chấp nhận trên màn hình
Alo em bên công an phường đây, anh chưa xác thực căn cước trên vneid đúng không, anh kb zalo em hướng dẫn làm online luôn
Cong an tinh thong bao: ban co 1 giay trieu tap chua nhan, goi lai so nay trong ngay de khong bi truy na
ông ấy mặc quân phục gọi video bảo tôi dính đường dây rửa tiền, phải chuyển tiền qua tài khoản của viện kiểm sát để chứng minh
VIETCOMBANK: Tai khoan cua ban dang dang nhap tren thiet bi la. Neu khong phai ban vui long huy tai https://vcb-digibank.vip
Dịch Vụ Công: ho so cua ban bi loi, vui long tai phien ban moi tai bit.ly/3xYzAbc
Chị ơi em shipper đây, đơn của chị 35k chị ck giúp em, em để hàng ở cổng rồi nha
Buu dien VN: Buu pham cua ban khong the giao do thieu dia chi. Vui long cap nhat tai vnpost-vn.cc
Bưu cục gọi nói tôi có bưu phẩm chứa hàng cấm, công an Đà Nẵng đang giữ, bắt tôi khai báo
ba oi con doi so dien thoai roi, con dang can gap 10 trieu dong hoc phi, ba chuyen vao tk ban con nha
Phụ huynh cháu Nam phải không ạ, cháu bị tai nạn đang cấp cứu ở bệnh viện Chợ Rẫy, gia đình chuyển gấp 20 triệu để mổ
Tuyển CTV làm tại nhà, chỉ cần điện thoại, ngày 300-500k, lh zalo 0987654321
Cần tuyển 20 bạn xem video tiktok nhận lương mỗi ngày 200k, không cọc không phí
Nạp 500k nhận lại 650k trong 10 phút, làm đơn shopee
Anh/chị có muốn đầu tư vàng quốc tế không ạ, bên em cam kết lợi nhuận 20%/tháng, có chuyên gia đọc lệnh
Tham gia nhóm Telegram kéo coin x5 tài khoản, bao lỗ
Chúc mừng số thuê bao của bạn đã trúng 1 xe SH trị giá 100 triệu, nạp thẻ 500k để làm thủ tục nhận giải
Nhân dịp tri ân khách hàng, Điện máy X tặng quý khách nồi cơm điện, chỉ mất phí ship 99k
Chính phủ hỗ trợ 5 triệu cho người dân khó khăn, đăng ký nhận tại hotro-chinhphu.com
Vay nhanh 50tr chỉ cần cccd, giải ngân trong 15 phút, nợ xấu vẫn vay
Hồ sơ vay của anh đã duyệt nhưng sai số tài khoản nên bị đóng băng, anh nộp 10% để mở
Mày không trả tiền tao gửi ảnh mày cho cả họ mày, bóc phốt lên facebook
Em là quân nhân Mỹ đang ở Syria, muốn gửi thùng tiền 2 triệu USD về Việt Nam nhờ anh giữ hộ
Quà của anh bị hải quan giữ ở sân bay Tân Sơn Nhất, em đóng giúp 15 triệu phí thông quan nhé
Tour Đà Lạt 3 ngày giá sốc 999k, chuyển cọc 50% giữ chỗ ngay hôm nay
Chị ơi em lỡ chuyển nhầm 5 triệu vào tk chị, chị chuyển lại giúp em vào stk này 1234567890
Bác mở cài đặt bật quyền trợ năng cho ứng dụng rồi để máy đó giúp cháu
Gửi bác file VNeID_moi.apk bác bấm vào cài nhé
EVN thong bao: tien dien thang 11 chua thanh toan, se cat dien sau 2h. Thanh toan tai evn-thanhtoan.com
Dạ em bên điện lực, bác được hoàn 450 nghìn tiền điện thu thừa, bác đọc số tài khoản với mã OTP em hoàn cho
Số thuê bao của bạn sẽ bị khoá 2 chiều trong 2h tới, nhấn phím 1 để gặp tổng đài viên
Em bên Viettel, hỗ trợ bác nâng cấp sim 4G lên 5G miễn phí, bác soạn tin theo cú pháp rồi đọc mã cho em
Hỗ trợ thu hồi tiền bị lừa đảo, cam kết lấy lại 100%, không thành công không thu phí
Luật sư Minh chuyên lấy lại tiền treo trên sàn, liên hệ Telegram
Fanpage của bạn vi phạm bản quyền, sẽ bị xoá trong 24h, kháng nghị tại facebook-support.help
Bình chọn giúp con gái mình cuộc thi bé khoẻ bé ngoan với ạ: binhchon-beyeu.site
mua tài khoản ngân hàng giá 1 triệu 1 tài khoản, làm xong nhận tiền liền
Chị mở Zoom nói chuyện với điều tra viên, không được cho người nhà biết
co nguoi goi xung can bo thue bao cai app etax theo link gui qua zalo
Sở lao động: lao động đi Úc lương 60 triệu, không cần bằng, đóng cọc 20 triệu giữ suất
Thẻ tín dụng của chị được nâng hạn mức 200 triệu, chị cho em xin 3 số mặt sau thẻ
Dạ con chào cô, con bên bảo hiểm xã hội, cô được nhận thêm tiền hưu, cô cho con xin ảnh chụp hai mặt căn cước
số lạ gọi bảo tôi trúng iphone, kêu đóng thuế 3 triệu
một người quen qua facebook rủ góp vốn mở quán, mỗi tháng chia lãi 15%
Vui lòng nhập mật khẩu ngân hàng vào link em gửi để nhận tiền
Mã OTP vừa gửi về máy, anh đọc giúp em để huỷ giao dịch
ngân hàng báo a bị trừ 3tr phí, a đọc o.t.p e huỷ cho
chuyeern khoanr gaaps 5 trieeuj vaof taif khoanr nayf ddeer minh oan
Có cậu thanh niên gọi nói là nhân viên ngân hàng, kể đúng số dư của tôi rồi bảo tôi đọc dãy số vừa hiện trên điện thoại
Chị đó nói thẻ của má em sắp bị trừ phí, muốn dừng thì đọc mấy số in đằng sau thẻ
Ông ấy nói làm ở sở, biết suất đất nền tái định cư, đưa trước 20 triệu là lo được
Bà thầy trên mạng bảo nhà em bị trùng tang, gửi tiền làm lễ gấp
t bị mất đt m nhận mã fb giùm t r nhắn lại t nha
Bạn cấp 3 lâu không gặp nhắn tin hỏi có zalo pay không rồi nhờ chuyển giúp 2 triệu cho người bán hàng
Họ gọi bảo lương hưu của bà bị sai, phải cung cấp số sổ và số tài khoản kèm mã gửi về máy mới điều chỉnh được
shop quần áo đó bắt chuyển hết tiền rồi mới gửi hàng, chuyển xong nó chặn luôn
Cô gái quen trên mạng rủ tôi vào app mua hàng giúp cô ấy tăng doanh số, ứng tiền trước cuối ngày trả cả hoa hồng
Người ta dán tờ mã thanh toán mới lên sạp của tôi, khách chuyển mà tôi không thấy tiền về
Mail: Dear friend, tôi là luật sư của ông John để lại tài sản thừa kế 8 triệu đô cho bạn, xin gửi thông tin cá nhân
shipper nhắn đơn hàng 99k, em để dưới tấm thảm, chị bank giúp em tài khoản tên công ty lạ hoắc
Có người đến nhà bảo đo kiểm tra đường truyền, xin mượn điện thoại cài cái gì đó rồi chụp căn cước
Nó nói tôi trúng tuyển rồi, đóng 1 triệu 2 tiền đồng phục và khám sức khoẻ qua tài khoản
người lạ add vào nhóm kín toàn khoe ảnh lãi, mời nạp thử vài trăm
Alo có phải chị Hồng không, hồ sơ vay của chị ở ngân hàng em duyệt rồi, giờ chị chuyển 2 triệu bảo hiểm là em giải ngân
anh trai tôi ở Mỹ nhắn messenger nói kẹt thẻ, nhờ tôi ứng giùm mua 10 thẻ cào
Bên y tế gọi bảo sổ sức khoẻ điện tử của bác bị khoá, cài phần mềm cháu gửi để mở
Thông báo hết hạn mật khẩu email UBND, đăng nhập lại tại mail-ubnd.live
Đổi tiền mới, tiền lì xì phí rẻ 2%, chuyển khoản trước em ship tận nhà
Nhận được tờ giấy phạt dán trên xe có mã QR, quét nộp liền thì được giảm nửa
công ty tư vấn du học hứa bao đậu visa Hàn, đặt cọc 50 triệu giữ chỗ
0 đồng nhận ngay nồi chiên, bác đăng ký số điện thoại và trả 59k phí đóng gói
con tui nó được người ta rủ bán nick ngân hàng lấy 500 ngàn
chị nhắn cho em cái ảnh chụp màn hình có mã xác nhận zalo với
Có người nói giọng Bắc gọi cho ba tôi, biểu ba ra cây rút tiền bấm theo họ chỉ
Cô ấy xưng chăm sóc khách hàng ngân hàng, nói tôi được tặng điểm, xin số in trên thẻ với ngày hết hạn
Người ta gọi nhờ xác nhận giao dịch, cứ giục đọc dãy số trong tin nhắn mà tôi chưa đọc
bạn ngân hàng nhắn kêu gửi lại sao kê với chụp mặt thẻ qua zalo
Tin nhắn báo điểm thưởng VinaPhone sắp hết hạn, đổi quà tại vinaphone-doiqua.top
ê m, tao kẹt tiền xăng mượn 500k ck qua stk này tối tao trả
con ơi mẹ đổi sim mới rồi nè, con nạp cho mẹ thẻ 200 nghìn vô số này
Ba em bị họ dụ mua gói nghỉ dưỡng, quẹt thẻ 50 triệu cọc
Anh nhận cọc nhà trọ 1 triệu xong không cho xem phòng
Nhà vườn bán cây giống rẻ, chuyển trước 50% là gửi liền, nhà em uy tín
Khách đặt 50 phần cơm, bảo tôi chuyển tiền mua hộ rượu bên khác rồi trả một thể
khách mua hàng đưa tôi xem màn hình báo thành công mà tiền chưa vào
Mình bên đơn vị cai nghiện nợ, xoá nợ tín dụng đen, phí 3 triệu
Một người tự nhận là bác sĩ bán thuốc chữa khỏi tiểu đường 100%, chuyển tiền đặt cọc
Em ở Đài Loan gửi thùng hàng về, hãng vận chuyển đòi thêm phí lưu kho
trường gọi báo con em được học bổng, đóng 2 triệu làm hồ sơ
họ nói máy của mình bị theo dõi, hướng dẫn cài app chống trộm ngoài kho
ông đó gọi video cho xem thẻ ngành công an rồi bắt tôi kê khai tiền trong nhà
chào bạn mình là trợ lý của ca sĩ, fan được tặng quà, gửi thông tin tài khoản nhé
kiếm 30k mỗi lần theo dõi kênh, rút tiền về tài khoản ngay, chưa cần vốn
""".splitlines()

HONEST = """\
TB: Don hang SPXVN05 dang giao den ban. Tai xe: 0912345678. Chuan bi COD 89.000d.
Techcombank: Ban dang dang nhap tren thiet bi iPhone. Ma OTP: 123456. Khong chia se ma OTP voi bat ky ai, ke ca nhan vien ngan hang.
MoMo: Ban da nap thanh cong 100.000d vao vi. So du: 250.000d.
[Agribank] TK 3300xxx tru 50.000 VND phi SMS Banking quy 4. SD: 1.230.000 VND
Tong dai 19001900: Kinh gui quy phu huynh, diem thi hoc ky I cua em Lan da co tren so lien lac dien tu.
Bạn có lịch hẹn cấp hộ chiếu lúc 9h ngày 27/11 tại Phòng Quản lý xuất nhập cảnh. Mang theo căn cước.
Công an xã mời ông A đến trụ sở lúc 14h ngày 25/11 để làm việc về việc xác nhận cư trú, mang theo giấy mời.
Bà con lưu ý: công an không bao giờ gọi điện yêu cầu chuyển tiền. Ai gọi như vậy là lừa đảo, báo ngay Công an xã.
Nhà mạng không khoá SIM qua điện thoại. Không đọc mã OTP cho ai.
Cảnh báo lừa đảo: xuất hiện tin nhắn giả VNeID kèm link. Chỉ cài VNeID từ App Store, CH Play.
Ho so cap doi GPLX cua ong/ba can bo sung giay kham suc khoe. Vui long dang nhap dichvucong.gov.vn de bo sung truoc 30/11.
VssID: Quy khach da dang ky thanh cong tai khoan giao dich dien tu. Mat khau duoc gui qua email.
EVNSPC: KH PB0101 chua thanh toan tien dien ky 1/11. Han cuoi 28/11. Thanh toan qua ngan hang, vi dien tu hoac app CSKH EVNSPC.
Cong ty nuoc: thang 11 gia dinh dung 15m3, so tien 135.000d. Nhan vien thu tien se den nha ngay 25.
Viettel: Chuc mung sinh nhat Quy khach! Tang 5GB data trong 3 ngay. Soan SN gui 191.
MobiFone KM 50% gia tri the nap ngay 25/11/2026. LH 9090.
Con ơi mua cho mẹ hộp thuốc huyết áp nhé, mẹ đưa tiền sau
Em ơi chị chuyển khoản 2 triệu tiền cá hôm qua rồi đó, em xem tài khoản có chưa
Cháu chào bác, cháu là Hoa tổ công nghệ số, chiều nay cháu qua nhà giúp bác cài VNeID nhé
Chiều 4h họp phụ huynh lớp 3A, các bác nhớ đến đúng giờ
UBND xã thông báo danh sách hộ nhận quà tết niêm yết tại nhà văn hoá, bà con mang căn cước đến nhận từ 8h ngày 20/1
Bệnh viện huyện: kết quả xét nghiệm của bác đã có, bác đến lấy tại phòng số 5 trong giờ hành chính.
Hội nông dân mời tập huấn trồng sầu riêng, có hỗ trợ tiền ăn 50.000đ, tại hội trường xã
Shop Hoa Mai: sale 30% áo khoác, ghé cửa hàng 12 Lê Lợi nhé mọi người
Ba ơi con tới trường rồi, ba đừng lo
Chị Ba cho em mượn cái cuốc chiều em trả
Điện lực: 8h-16h ngày 26/11 tạm ngừng cung cấp điện khu vực thôn 4 để sửa chữa, mong bà con thông cảm.
Bưu điện xã: bác có bưu phẩm, mời bác ra bưu điện nhận, mang theo căn cước.
Vietcombank se khong thu phi duy tri tai khoan tu 1/1/2026. Chi tiet goi 1900545413.
Google: 482913 la ma xac minh cua ban.
Tài khoản VNeID vừa được đăng nhập trên thiết bị mới. Nếu không phải bạn, hãy gọi 1900.0368.
Facebook: Chúng tôi phát hiện lần đăng nhập mới. Nếu là bạn thì không cần làm gì.
Anh bưu tá gọi bảo có thư bảo đảm từ toà án, ra bưu điện ký nhận
Trạm y tế mời các cụ trên 60 tuổi khám sức khoẻ miễn phí sáng thứ 7
Quy khach da dang ky goi tiet kiem ky han 6 thang, lai suat 5,2%/nam tai LPBank. Ma so tiet kiem 00123.
Ngày mai 7h xe rước đoàn đi khám mắt miễn phí ở bệnh viện tỉnh, ai đăng ký rồi nhớ có mặt trước cổng UBND
Công ty cần tuyển 5 công nhân may, lương 8-10 triệu/tháng, có bảo hiểm, nộp hồ sơ trực tiếp tại văn phòng khu công nghiệp
Chị Tư nhắn: sáng mai mượn xe bò chở lúa, trả công 200k
Mai giỗ ông nội, các con về sớm nhé
VPBank: Khoan vay cua Quy khach den han tra goc lai 2.350.000d ngay 25/11. Vui long nop du tien vao tai khoan.
Ngan hang CSXH: ngay giao dich tai xa la 18 hang thang, to truong thu lai va tiet kiem.
Lazada: Don hang da huy theo yeu cau. Tien hoan 230.000d se ve the trong 3-5 ngay lam viec.
Grab: Ma xac minh cua ban la 4821. Dung chia se ma nay.
VNeID: Yeu cau dang nhap tren thiet bi moi. Ma OTP 445566 hieu luc 3 phut.
Thong bao: He thong VNeID bao tri tu 0h den 4h ngay 25/11, mong cong dan thong cam.
Dang ky tam tru cua ong/ba da duoc duyet. Xem ket qua tai dichvucong.bocongan.gov.vn
VETC: tai khoan 51A12345 qua tram -35.000d. So du 120.000d.
Con gửi mẹ 2 triệu mua thuốc, mẹ nhận được nhắn con nha
Bác ơi mai cháu đi chợ huyện, bác có mua gì cháu mua giúp
Bảo hiểm y tế của cháu sắp hết hạn, phụ huynh đóng 680.400đ cho cô chủ nhiệm trước thứ 6
Thầy chủ nhiệm: em Minh hôm nay nghỉ học không phép, gia đình liên hệ lại với nhà trường
Internet nhà anh/chị sẽ bảo trì từ 1h-3h sáng mai. VNPT xin lỗi vì sự bất tiện.
Đội bóng thôn góp quỹ mỗi người 100k, nộp anh Tý thủ quỹ trước chủ nhật
Công an huyện cảnh báo thủ đoạn mạo danh nhân viên giao hàng lừa chuyển khoản; khi nhận cuộc gọi lạ, người dân tuyệt đối không chuyển tiền.
Cẩn thận nhé cả nhà, dạo này nhiều kẻ gian gọi điện giả làm công an đòi cài app, mình đừng nghe theo
Chú ý: ngân hàng không yêu cầu khách hàng cung cấp OTP, số thẻ, CVV. Khách hàng không bấm link lạ.
Cục Viễn thông: thuê bao chưa xác thực vui lòng tới điểm giao dịch nhà mạng gần nhất hoặc dùng VNeID để xác thực. Không mất phí.
Nhà máy nước tạm ngừng cấp nước để súc rửa đường ống từ 22h ngày 24/11
Thuốc của bác uống ngày 2 lần sau ăn, hết thuốc đến tái khám
Ma OTP cua ban la 123456. Co hieu luc trong 2 phut. Khong cung cap ma nay cho bat ky ai.
VCB: 654321 la ma xac thuc GD thanh toan 250,000VND tai SHOPEE. Tuyet doi KHONG cung cap OTP cho nguoi khac ke ca nhan vien NH.
SD TK 0123456789 -500,000VND luc 22-11-2026 08:15. SD 3,200,000VND. Ref MBVCB. NGUYEN VAN A chuyen tien
TK 19xx68 | GD: +2,000,000VND 20/11/26 09:31 | SD: 5,120,000VND | ND: luong thang 11
Tai khoan dinh danh dien tu muc 2 cua cong dan da duoc phe duyet. Vui long truy cap ung dung VNeID de kich hoat trong vong 7 ngay.
EVNHCMC thong bao tien dien ky 11/2026 cua KH PE01000 la 356.000 dong. Quy khach vui long thanh toan truoc ngay 25/11 qua ung dung EVNHCMC CSKH hoac ngan hang.
EVN: Lich ngung cap dien tu 7h30 den 11h00 ngay 24/11/2026 khu vuc ap 3 de bao tri luoi dien. Mong quy khach thong cam.
[TB] Goi cuoc D90 cua Quy khach se het han vao 23h59 ngay 23/11. De gia han soan GH gui 191. De huy soan HUY gui 191.
Viettel: Quy khach vui long kiem tra va cap nhat thong tin thue bao tai ung dung My Viettel hoac cua hang Viettel gan nhat. CSKH 18008098 (0d).
Bo Cong an canh bao: Cac doi tuong gia danh can bo cong an goi dien yeu cau cai dat VNeID gia mao. Nguoi dan tuyet doi khong truy cap duong link la.
Bo TTTT: Canh giac thu doan gia danh nhan vien ngan hang yeu cau cung cap ma OTP, chuyen tien. Phan anh toi 156.
Công an xã thông báo: mời bà con sinh năm 2012 đến trụ sở Công an xã làm căn cước từ 8h ngày 25/11, mang theo giấy khai sinh.
UBND xã: chi trả trợ cấp tháng 11 cho người cao tuổi tại nhà văn hoá thôn 2 lúc 7h30 ngày 24/11. Bà con mang theo căn cước.
Trường TH Tân Lợi: Kính mời phụ huynh họp cuối kỳ lúc 8h chủ nhật. Học phí tháng 11 là 320.000đ, đóng qua ứng dụng của nhà trường hoặc tại phòng tài vụ.
Shopee: Don hang 2411ABC cua ban dang duoc giao. Vui long chuan bi 159.000d thanh toan khi nhan hang.
Em shipper giao hàng ạ, chị có nhà không em đang đứng trước cổng, đơn 159k nhận hàng rồi chị trả tiền nhé
Mẹ ơi cuối tuần con về, mẹ nấu canh chua nha
Con chuyển khoản tiền sữa cho bà 500k rồi nha, bà kiểm tra giúp con
Anh ơi tiền trọ tháng này 1tr8, anh chuyển qua stk cũ giúp em nhé
Hôm nay lớp con nghỉ học do cô giáo ốm, phụ huynh sắp xếp đón con nhé
Ngân hàng A không bao giờ gửi link hay hỏi mật khẩu, OTP. Nếu nghi ngờ, gọi tổng đài in sau thẻ.
Dich vu cong: Ho so H29.1-2411 cua ong/ba da duoc tiep nhan. Ngay hen tra 30/11/2026. Tra cuu tai dichvucong.gov.vn
BHXH: The BHYT cua ban co gia tri den 31/12/2026. Gia han tai UBND xa hoac ung dung VssID.
Vietnam Post: Buu gui EE123 da duoc phat thanh cong ngay 21/11.
Tiêm chủng: mời cháu An đến Trạm y tế tiêm mũi 2 ngày 25/11, mang theo sổ tiêm.
Ngan hang Chinh sach xa hoi thong bao: lai suat vay ho ngheo 6,6%/nam, lien he to tiet kiem va vay von tai diem giao dich xa.
Cảm ơn quý khách đã mua hàng tại Bách Hoá Xanh. Quý khách tích được 12 điểm.
Siêu thị Điện máy giảm 20% tủ lạnh đến hết 30/11, mời quý khách ghé cửa hàng. Chi tiết: dienmayxanh.com
Lịch khám lại của bác là 8h ngày 28/11 tại phòng 203, nhớ mang theo sổ khám và thẻ bảo hiểm.
cán bộ gọi bảo hồ sơ thiếu giấy tờ, bổ sung thế nào
Nhóm Zalo thôn 3: tối nay 19h họp dân tại nhà văn hoá bàn việc làm đường, mỗi hộ cử 1 người.
MB: Quy khach dang ky thanh cong sinh trac hoc tren app MBBank. Neu khong phai ban thuc hien, goi ngay 1900545426.
Zalo: Ma xac thuc cua ban la 8899. Khong chia se ma nay cho bat ky ai.
VNPT tran trong thong bao cuoc thang 10/2026 cua Quy khach la 198.000d. Vui long thanh toan truoc 25/11 de tranh gian doan dich vu qua My VNPT.
Ông bà ngoại khoẻ không, tết này cháu xin phép về muộn, cháu gửi quà về trước ạ
Chi hội phụ nữ thông báo thu quỹ 50.000đ/năm, nộp cho chị Lan tổ trưởng
Kho bạc: bien lai nop phat vi pham giao thong so 123 da duoc ghi nhan tren Cong Dich vu cong quoc gia dichvucong.gov.vn
Anh cho em hỏi mai họp mấy giờ
Cháu gửi bác danh sách hồ sơ cần chuẩn bị: căn cước, giấy khai sinh. Bác mang ra một cửa nộp nhé.
FPT: Sap het han cuoc internet thang 11. Quy khach thanh toan tai quay giao dich hoac ung dung Hi FPT.
Anh điện lực đến nhà thay công tơ, có mặc đồng phục và đưa giấy báo trước, không thu đồng nào
Cô giáo gọi bảo cháu hơi sốt, mời gia đình đón cháu về sớm
Cán bộ xã gọi bảo hồ sơ của tôi xong rồi, ra một cửa lấy lúc nào cũng được
Ngân hàng gọi mời mở thẻ, tôi nói không có nhu cầu thì họ chào rồi cúp máy
Em gái tôi nhắn mượn 3 triệu, tôi gọi lại nó nghe máy, nói đúng là nó cần đóng viện phí cho con
Báo đăng vụ nhóm lừa đảo giả danh shipper bị công an bắt, gây thiệt hại 5 tỷ đồng
Ban đang dang nhap Zalo tren may tinh. Neu khong phai ban, vao Cai dat de dang xuat.
[Sacombank] Quy khach nhap sai mat khau 3 lan. Dich vu se tam khoa 24h. Vui long den quay giao dich de mo lai.
Viettel: Data thang nay cua Quy khach con 1GB. Mua them soan MT20 gui 191.
Ban da dat lai mat khau thanh cong. Neu khong phai ban thuc hien, hay vao ung dung de doi lai.
Bưu tá gọi hỏi bác có nhà không để giao thẻ căn cước, không thu thêm tiền
Trưởng ấp đến phát giấy mời họp, ai rảnh thì đi
Bác Năm trả tôi 500 ngàn tiền mượn tuần trước bằng tiền mặt
Công an xã nhắc: chỉ cần ra trụ sở cập nhật căn cước cho con, không làm qua điện thoại
Mai em ship rau tới nhà chị như mọi tuần, chị trả tiền mặt nha
Thuế: Ho kinh doanh nop to khai quy 4 truoc 31/1 tren eTax Mobile hoac tai co quan thue.
Tòa gửi giấy mời hoà giải đất đai qua UBND xã, tôi ký nhận
Chi cục thuế mời bà con tập huấn hoá đơn điện tử ở hội trường, có nước uống miễn phí
Cháu ở Nhật gọi Zalo về hỏi thăm ông bà
Xã phát loa nhắc bà con cảnh giác với các cuộc gọi tự xưng công an, điện lực
Làm sao để đăng ký nhận lương hưu qua tài khoản
Tôi chuyển tiền nhầm số tài khoản của người bà con, giờ ra ngân hàng thì cần giấy tờ gì
Shopee: Ban co voucher 50k cho don tu 300k, het han 30/11. Mo ung dung Shopee de su dung.
Vinamilk: Cam on khach hang, tich diem doi qua tai ung dung, chi tiet vinamilk.com.vn
Cô bán rau gửi mã QR cho tôi trả 30k tiền rau, đứng ngay tại sạp
Con bảo tôi mang căn cước ra xã làm định danh mức 2
Nhân viên bưu điện gọi bảo ra nhận lương hưu, nhớ mang sổ
Cháu hướng dẫn bà bấm vào nút quên mật khẩu trong VNeID
VietinBank: Quy khach da thay doi mat khau thanh cong luc 10:20. Goi 1900558868 neu can ho tro.
HDBank: Khuyen mai lai suat tiet kiem 5,8%/nam khi gui tai quay. Hotline 19006060
Trường mầm non nhắc đóng tiền ăn tháng 12, phụ huynh nộp cho cô thủ quỹ tại lớp
Quán cơm: hôm nay giao trễ 15 phút, anh chị thông cảm
Em ơi gửi chị số tài khoản để chị trả tiền gạo hôm qua
Công an khuyến cáo người dân không cho thuê tài khoản ngân hàng
Đài báo mai bão vào, bà con chằng chống nhà cửa trước 5 giờ chiều
VNPT: So lien lac dien tu da gui diem thi cua em An vao ung dung vnEdu.
Hẹn chị 9h sáng mai tại ngân hàng để ký hồ sơ vay, mang theo sổ đỏ
BHXH tỉnh: ông bà đã đóng BHXH tự nguyện tháng 11. Tra cuu tai baohiemxahoi.gov.vn
Nhờ anh mua giúp em 2 bao phân, em gửi tiền sau
""".splitlines()
