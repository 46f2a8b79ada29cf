//! What leads inward is not asked, however it is written.

use std::net::TcpListener;

use super::*;

fn post(uri: &str) -> Request<Full<Bytes>> {
    Request::post(uri).body(Full::default()).unwrap()
}

#[tokio::test]
async fn what_leads_inward_is_not_asked_however_it_is_written() {
    let out = Outbound::new(&[]);
    let addresses = [
        "https://127.0.0.1/",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0177.0.0.1/",
        "https://0/",
        "https://[::1]/",
        "https://[::]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[2002:7f00:1::]/",
        "https://[fe80::1]/",
        "https://[fd00::1]/",
        "https://localhost/",
        "https://LOCALHOST./",
        "https://10.0.0.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://8.8.8.8:22/",
        "https://8.8.8.8:6379/",
        "https://8.8.8.8:8443/",
        "http://8.8.8.8/",
        "ftp://8.8.8.8/",
        "https://somebody@8.8.8.8/",
        "https://8.8.8.8@127.0.0.1/",
    ];
    for address in addresses {
        let answer = out.check(&address.parse().unwrap()).await;
        let away =
            matches!(&answer, Err(NoAnswer::Away(_))) && (!address.contains('.') || address.contains("LOCALHOST"));
        // How the system's resolver reads what is odd is its own affair: not at all will do.
        assert!(matches!(answer, Err(NoAnswer::Forbidden(_))) || away, "{address}: {answer:?}");
        assert!(out.send(post(address), |_| 0).await.is_err(), "{address}");
    }
    assert_eq!(
        out.send(post("/only/a/path"), |_| 0).await.unwrap_err(),
        NoAnswer::Forbidden("the address has no host")
    );
}

#[tokio::test]
async fn nobody_is_connected_to_who_is_not_to_be_asked() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let port = listener.local_addr().unwrap().port();
    let out = Outbound::new(&["localhost".to_owned()]);
    for host in ["127.0.0.1", "[::ffff:127.0.0.1]"] {
        for scheme in ["http", "https"] {
            assert!(matches!(
                out.send(post(&format!("{scheme}://{host}:{port}/")), |_| 0).await,
                Err(NoAnswer::Forbidden(_))
            ));
        }
    }
    assert_eq!(listener.accept().unwrap_err().kind(), io::ErrorKind::WouldBlock);
}

#[tokio::test]
async fn a_host_of_the_operator_s_own_is_asked_and_its_redirection_is_not_followed() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let place = format!("127.0.0.1:{}", listener.local_addr().unwrap().port());
    let served = tokio::spawn(async move {
        use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut asked = vec![0; 4_096];
        let read = stream.read(&mut asked).await.unwrap();
        stream
            .write_all(b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n")
            .await
            .unwrap();
        String::from_utf8_lossy(&asked[..read]).into_owned()
    });
    let out = Outbound::new(std::slice::from_ref(&place));
    let answer = out.send(post(&format!("http://{place}/in")), |_| 0).await.unwrap();
    assert_eq!(answer.status, StatusCode::FOUND);
    let asked = served.await.unwrap();
    assert!(asked.starts_with("POST /in HTTP/1.1\r\n") && asked.contains("user-agent: Stonechat/"), "{asked}");
    // The host is its own at this port, and at no other.
    assert!(matches!(out.send(post("http://127.0.0.1:9/"), |_| 0).await, Err(NoAnswer::Forbidden(_))));
}

#[tokio::test(start_paused = true)]
async fn who_does_not_answer_is_given_up() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let place = listener.local_addr().unwrap().to_string();
    let out = Outbound::new(std::slice::from_ref(&place));
    let answer = out.send(post(&format!("http://{place}/")), |_| 0).await;
    assert_eq!(answer.unwrap_err(), NoAnswer::Away("it took too long".to_owned()));
}
