"""How people come to the bot: posters with their QR codes, and whom the chat has helped, hamlet by hamlet."""
