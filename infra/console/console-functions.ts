/** The function that puts the console's files where CloudFront finds them: it carries them in its code, below `site`. */
export const consoleFilesFunction = 'console-files';

/** The folder of the files, in the code of that function. */
export const siteFolderName = 'site';
