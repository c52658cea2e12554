@rem Une liste que l'on envoie ici : ses conventions, dans le dossier "conventions" a cote d'elle.
@cd /d "%~dp1"
@"%~dp0conventool.exe" batch "%~nx1"
@pause
