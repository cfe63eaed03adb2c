using System.Net.Sockets;

namespace Gantry.Agent.Supervise;

/// <summary>Asks a child how it is. One question at a time; what is not answered in time is a no.</summary>
internal sealed class HealthCheck : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    private readonly HttpClient? _client;
    private readonly Uri? _address;
    private Task<bool>? _question;

    public HealthCheck(ChildOptions options)
    {
        _address = options.Health;
        if (_address is null)
        {
            return;
        }

        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.Zero };
        if (options.HealthSocket.Length > 0)
        {
            handler.ConnectCallback = async (_, cancellation) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(options.HealthSocket), cancellation);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            };
        }

        _client = new HttpClient(handler) { Timeout = Limit, MaxResponseContentBufferSize = 64 * 1024 };
    }

    public bool IsAsked => _address is not null;

    /// <returns>Null: no answer yet.</returns>
    public bool? Poll()
    {
        if (_question is null)
        {
            _question = AskAsync();
            return null;
        }

        if (!_question.IsCompleted)
        {
            return null;
        }

        var answer = _question.GetAwaiter().GetResult();
        _question = null;
        return answer;
    }

    /// <summary>An answer of the child before is none of this one's.</summary>
    public void Forget() => _question = null;

    public void Dispose() => _client?.Dispose();

    private async Task<bool> AskAsync()
    {
        try
        {
            using var response = await _client!.GetAsync(_address, HttpCompletionOption.ResponseHeadersRead);
            return response.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException or SocketException)
        {
            return false;
        }
    }
}
