using System.Text;
using Gantry.Agent.Processes;

namespace Gantry.Agent.Tests.Processes;

public sealed class ScriptNameTests
{
    [Theory]
    [InlineData("nodejs", "node app.js", "app.js")]
    [InlineData("nodejs", "/usr/bin/node --require ./otel.js --max-old-space-size=100 /srv/shop/server.mjs --token secret", "server.mjs")]
    [InlineData("nodejs", "node -e secret()", "")]
    [InlineData("nodejs", "node -r secret.js", "")]
    [InlineData("nodejs", "node --title secret existing", "existing")]
    [InlineData("nodejs", "node secret", "")]
    [InlineData("nodejs", "node -- app.js", "app.js")]
    [InlineData("python", "python3 -u /srv/app.py --password secret", "app.py")]
    [InlineData("python", "python3 -m http.server 8000", "http.server")]
    [InlineData("python", "python3 -um gunicorn secret:app", "gunicorn")]
    [InlineData("python", "python3 -mflask run", "flask")]
    [InlineData("python", "python3 -c secret.py", "")]
    [InlineData("python", "python3 -W ignore -X dev /bin/existing app:secret", "existing")]
    [InlineData("python", "python3 -m sec/ret", "")]
    [InlineData("python", "python3", "")]
    [InlineData("java", "java -Xmx1g -cp /a:/b -jar /opt/shop.jar --db.password=secret", "shop.jar")]
    [InlineData("java", "java -cp x com.acme.Main -jar secret.jar", "")]
    [InlineData("java", "java -Dpassword=secret -jar", "")]
    [InlineData("dotnet", "dotnet Shop.dll --secret x", "Shop.dll")]
    [InlineData("dotnet", "/usr/bin/dotnet exec --runtimeconfig a.json --depsfile b.json /app/Shop.dll secret", "Shop.dll")]
    [InlineData("dotnet", "dotnet run --project secret.dll", "")]
    [InlineData("dotnet", "/app/shop secret.dll", "")]
    [InlineData("ruby", "ruby -I lib existing secret", "existing")]
    [InlineData("ruby", "ruby -e secret", "")]
    [InlineData("php", "php -d memory_limit=1G existing serve", "existing")]
    [InlineData("php", "php -r secret;", "")]
    [InlineData("php", "php-fpm8.2 existing", "")]
    [InlineData("go", "server existing", "")]
    [InlineData("", "cat existing", "")]
    public void Only_the_entry_file_is_named(string language, string commandLine, string script) =>
        Assert.Equal(script, Find(language, commandLine));

    [Fact]
    public void Cut_anywhere_it_names_nothing_but_a_piece_of_the_entry()
    {
        const string Line = "/usr/bin/node --require ./otel.js /srv/server.js --token secret";
        for (var length = 0; length <= Line.Length; length++)
        {
            Assert.Contains(Find("nodejs", Line[..length]), (string[])["", "server.js"]);
        }
    }

    [Theory]
    [InlineData("node", "nodejs")]
    [InlineData("python3.11", "python")]
    [InlineData("php-fpm8.2", "php")]
    [InlineData("ruby3.1", "ruby")]
    [InlineData("nodejs-exporter", "")]
    [InlineData("javac", "")]
    [InlineData("", "")]
    public void Interpreters_by_name(string name, string language) => Assert.Equal(language, ProgramNames.LanguageOf(name));

    private static string Find(string language, string commandLine) => ScriptName.Find(
        language, Encoding.UTF8.GetBytes(commandLine.Replace(' ', '\0') + "\0"), path => Encoding.UTF8.GetString(path).EndsWith("existing", StringComparison.Ordinal));
}
